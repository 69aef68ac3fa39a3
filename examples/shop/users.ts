import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/**
 * A customer. `id` is what Countersign knows them by (the subject reference): random, because a user name can change,
 * can be given to somebody else once an account is deleted, and can be guessed. The id can do none of that.
 */
export type User = Readonly<{
  id: string;
  name: string;
  passwordHash: PasswordHash;
  address: string;
  /** Countersign's id for this person at this shop, as its events carry it; learned from the first challenge. */
  subjectId?: string;
}>;

type PasswordHash = Readonly<{ salt: Buffer; hash: Buffer }>;

/** Customers in memory: gone when the process ends. A real shop has a database here. */
export type Users = Readonly<{
  /** A new customer; undefined when the name is taken or the shop is full. */
  add: (name: string, password: string) => Promise<User | undefined>;
  /** The customer, if the password is theirs. An unknown name takes as long as a known one. */
  checkPassword: (name: string, password: string) => Promise<User | undefined>;
  find: (id: string | undefined) => User | undefined;
  change: (id: string, change: Partial<Pick<User, "address" | "subjectId">>) => void;
  remove: (id: string) => void;
}>;

const MAX_USERS = 10_000;
const KEY_BYTES = 32;
/** One of OWASP's equivalent settings: 32 MiB and about a fifth of a second. */
const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const NOBODY: PasswordHash = { salt: randomBytes(16), hash: randomBytes(KEY_BYTES) };

export function createUsers(): Users {
  const byId = new Map<string, User>();
  const idByName = new Map<string, string>();
  const byName = (name: string) => byId.get(idByName.get(name.toLowerCase()) ?? "");
  return {
    async add(name, password) {
      const passwordHash = await hashPassword(password);
      if (byName(name) || byId.size >= MAX_USERS) return undefined;
      const user = { id: `user_${randomBytes(16).toString("base64url")}`, name, passwordHash, address: "" };
      byId.set(user.id, user);
      idByName.set(name.toLowerCase(), user.id);
      return user;
    },
    async checkPassword(name, password) {
      const user = byName(name);
      const isRight = await isPassword(password, user?.passwordHash ?? NOBODY);
      return isRight ? user : undefined;
    },
    find: (id) => byId.get(id ?? ""),
    change(id, change) {
      const user = byId.get(id);
      if (user) byId.set(id, { ...user, ...change });
    },
    remove(id) {
      const user = byId.get(id);
      if (user) idByName.delete(user.name.toLowerCase());
      byId.delete(id);
    },
  };
}

async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(password, salt) };
}

async function isPassword(password: string, { salt, hash }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt), hash);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFC"), salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
