import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A certificate for some names, signed by itself: X.509 in DER (RFC 5280), as far as a TLS client looks. */
export function selfSignedCertificate(names: readonly [string, ...string[]]): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));
  const commonName = sequence(Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from(names[0])));
  const name = sequence(der(0x31, commonName));
  const alternativeNames = sequence(...names.map((text) => der(0x82, Buffer.from(text))));
  const extension = sequence(Buffer.from("0603551d11", "hex"), der(0x04, alternativeNames));
  const toBeSigned = sequence(
    Buffer.from("a003020102", "hex"),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(time("20200101000000Z"), time("20991231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", toBeSigned, privateKey)]);
  return {
    certificate: toPem(sequence(toBeSigned, ecdsaWithSha256, der(0x03, signature))),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function time(text: string): Buffer {
  return der(0x18, Buffer.from(text));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
