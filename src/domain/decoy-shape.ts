import type { Method } from "./authenticator.ts";

/** One passkey as a challenge shows it: the length of its id in bytes, and how it is reached. */
export type CredentialShape = Readonly<{ length: number; transports: readonly string[] }>;

/** What a challenge shows of a subject. */
export type SubjectShape = Readonly<{ methods: readonly Method[]; credentials: readonly CredentialShape[] }>;

/** A shape and how often it occurs. `tag` is the same for shapes that look the same: 32 bits of its name. */
export type DecoyShape = SubjectShape & Readonly<{ weight: number; tag: number }>;

/** More kinds of subjects than this are not told apart: those that are rarest are left out. */
const MOST_SHAPES = 64;
/** As many subjects as the assumed population counts for beside the real one. */
const PRIOR_SUBJECTS = 16;
/** What a decoy may differ from the real population by before it is made anew, as total variation distance. */
const TOLERANCE = 0.15;

const SYNCED: CredentialShape = { length: 20, transports: ["hybrid", "internal"] };
const PLATFORM: CredentialShape = { length: 32, transports: ["internal"] };
const SECURITY_KEY: CredentialShape = { length: 64, transports: ["usb"] };

/** The population that is assumed before there is a real one. */
export const ASSUMED_SHAPES: readonly DecoyShape[] = [
  { weight: 43, methods: ["totp", "recovery_code"] as const, credentials: [] },
  ...passkeyShapes(31, ["webauthn", "recovery_code"]),
  ...passkeyShapes(26, ["webauthn", "totp", "recovery_code"]),
].map(tagged);

function passkeyShapes(share: number, methods: readonly Method[]): readonly Omit<DecoyShape, "tag">[] {
  return [
    { weight: share * 0.35, methods, credentials: [SYNCED] },
    { weight: share * 0.27, methods, credentials: [PLATFORM] },
    { weight: share * 0.16, methods, credentials: [SECURITY_KEY] },
    { weight: share * 0.12, methods, credentials: [SYNCED, PLATFORM] },
    { weight: share * 0.1, methods, credentials: [PLATFORM, SECURITY_KEY] },
  ];
}

/** The shapes of a sample, the assumed ones counting little beside it; commonest first, weights adding up to 1. */
export function shapesOf(sample: readonly SubjectShape[]): readonly DecoyShape[] {
  const counts = new Map<string, DecoyShape>();
  const add = (shape: SubjectShape, weight: number) => {
    const known = counts.get(nameOf(shape));
    counts.set(nameOf(shape), tagged({ ...shape, weight: (known?.weight ?? 0) + weight }));
  };
  for (const subject of sample) add(subject, 1);
  const assumed = ASSUMED_SHAPES.reduce((total, { weight }) => total + weight, 0);
  for (const shape of ASSUMED_SHAPES) add(shape, (shape.weight / assumed) * PRIOR_SUBJECTS);
  return normalised([...counts.values()].sort((a, b) => b.weight - a.weight).slice(0, MOST_SHAPES));
}

/** Whether the shapes in use have come too far from those of the population. */
export function haveDrifted(inUse: readonly DecoyShape[], real: readonly DecoyShape[]): boolean {
  const shares = new Map(normalised(inUse).map((shape) => [nameOf(shape), shape.weight]));
  let distance = 0;
  for (const shape of normalised(real)) {
    distance += Math.abs(shape.weight - (shares.get(nameOf(shape)) ?? 0));
    shares.delete(nameOf(shape));
  }
  for (const left of shares.values()) distance += left;
  return distance / 2 > TOLERANCE;
}

/** A shape with its tag: FNV-1a of its name. */
function tagged(shape: SubjectShape & Readonly<{ weight: number }>): DecoyShape {
  const name = nameOf(shape);
  let tag = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) tag = Math.imul(tag ^ name.charCodeAt(index), 0x01000193);
  return { ...shape, tag };
}

function nameOf({ methods, credentials }: SubjectShape): string {
  const passkeys = credentials.map(({ length, transports }) => `${length} ${transports.join(" ")}`);
  return [methods.join(" "), ...passkeys].join(";");
}

function normalised(shapes: readonly DecoyShape[]): readonly DecoyShape[] {
  const total = shapes.reduce((sum, { weight }) => sum + weight, 0);
  return shapes.map((shape) => ({ ...shape, weight: shape.weight / total }));
}
