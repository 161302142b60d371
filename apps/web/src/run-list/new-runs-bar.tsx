"use client";

import { Button } from "../ui/button.tsx";

/** Says that newer runs wait above what is being read. Keeps to the top of the window, over the table, and moves nothing. */
export function NewRunsBar({ waiting, onShow }: { waiting: number; onShow: () => void }) {
  const show = (): void => {
    onShow();
    window.scrollTo({ top: 0 });
  };
  return (
    <div role="status" className="sticky top-2 z-10 flex h-0 justify-center">
      {waiting > 0 && (
        <span className="h-7 rounded-md shadow-lg">
          <Button icon="arrow-up" onClick={show}>
            {waiting === 1 ? "1 new run" : `${waiting} new runs`}
          </Button>
        </span>
      )}
    </div>
  );
}
