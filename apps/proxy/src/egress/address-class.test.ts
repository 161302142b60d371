import { describe, expect, it } from "vitest";
import { classifyAddress } from "./address-class.ts";
import { judgeAddress } from "./judge-address.ts";

describe("address classes", () => {
  it.each([
    ["203.0.113.80", "public"],
    ["2606:4700::1111", "public"],
    ["127.0.0.1", "loopback"],
    ["127.255.0.3", "loopback"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["::127.0.0.1", "loopback"],
    ["64:ff9b::7f00:1", "loopback"],
    ["2002:7f00:1::", "loopback"],
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["169.254.1.1", "link_local"],
    ["fe80::1%eth0", "link_local"],
    ["169.254.169.254", "metadata"],
    ["::ffff:169.254.169.254", "metadata"],
    ["fd00:ec2::254", "metadata"],
    ["100.100.100.200", "metadata"],
    ["224.0.0.1", "multicast"],
    ["ff02::1", "multicast"],
    ["255.255.255.255", "reserved"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["172.32.0.1", "public"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "private"],
    ["fd12::1", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["64:ff9b::a00:1", "private"],
  ])("%s is %s", (address, expected) => {
    expect(classifyAddress(address)).toBe(expected);
  });

  it("lets a private address through only for a name that is listed itself", () => {
    const question = { address: "10.0.0.5", ownAddresses: [] };
    expect(judgeAddress({ ...question, isListedExactly: true })).toBeUndefined();
    expect(judgeAddress({ ...question, isListedExactly: false })).toMatchObject({ reason: "private_address" });
  });

  it.each(["172.18.0.1", "::ffff:172.18.0.1", "192.0.2.2"])("never lets %s of this machine through", (address) => {
    const refusal = judgeAddress({ address, isListedExactly: true, ownAddresses: ["172.18.0.1", "192.0.2.2"] });
    expect(refusal).toEqual({ reason: "refused_address", detail: `${address}, this machine itself` });
  });
});
