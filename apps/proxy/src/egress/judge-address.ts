import { classifyAddress, embeddedIpv4 } from "./address-class.ts";
import type { EgressDenialReason } from "./denial.ts";

export interface AddressRefusal {
  readonly reason: Extract<EgressDenialReason, "refused_address" | "private_address">;
  readonly detail: string;
}

interface AddressQuestion {
  readonly address: string;
  /** Whether the host is listed itself, not by a wildcard. */
  readonly isListedExactly: boolean;
  /** The addresses of this machine: what listens on them is not outside. */
  readonly ownAddresses: readonly string[];
}

/** Why an address must not be connected to, whoever's name it belongs to (DNS rebinding); undefined when it may. */
export function judgeAddress({ address, isListedExactly, ownAddresses }: AddressQuestion): AddressRefusal | undefined {
  if (ownAddresses.includes(address) || ownAddresses.includes(embeddedIpv4(address) ?? address)) {
    return { reason: "refused_address", detail: `${address}, this machine itself` };
  }
  const addressClass = classifyAddress(address);
  switch (addressClass) {
    case "public":
      return undefined;
    case "private":
      return isListedExactly ? undefined : { reason: "private_address", detail: address };
    case "loopback":
    case "link_local":
    case "metadata":
    case "unspecified":
    case "multicast":
    case "reserved":
      return { reason: "refused_address", detail: `${address}, ${addressClass.replace("_", "-")}` };
    default:
      return addressClass satisfies never;
  }
}
