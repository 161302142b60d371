"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "../ui/button.tsx";

const AddServerDialog = dynamic(async () => (await import("./add-server-dialog.tsx")).AddServerDialog, { ssr: false });

/** Opens the form for a new server. */
export function AddServer() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button icon="plus" onClick={() => setIsOpen(true)}>
        Add a server
      </Button>
      {isOpen && <AddServerDialog onClose={() => setIsOpen(false)} />}
    </>
  );
}
