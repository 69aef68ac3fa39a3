import { hashText } from "../crypto/keyring.ts";
import { ConfigError } from "../domain/config-error.ts";
import { type AnnouncedInvitation, inviteUrl, newInviteToken } from "../flows/admin-invite.ts";
import { createNodeRandom } from "./node-random.ts";

const LASTS_MS = 24 * 60 * 60 * 1000;
/** A SHA-256 in base64url, and epoch milliseconds. */
const FORM = /^([A-Za-z0-9_-]{43})\.(\d{13})$/;

/** `setting` is what the Worker is told, and does not let anyone in; `url` is for the first administrator alone. */
export type Announcement = Readonly<{ setting: string; url: string; expiresAtMs: number }>;

/** Makes an owner's invitation away from the database: the Worker admits it once it has the setting. */
export function announceInvitation(publicUrl: string, nowMs: number): Announcement {
  const token = newInviteToken(createNodeRandom());
  const expiresAtMs = nowMs + LASTS_MS;
  return { setting: `${hashText(token)}.${expiresAtMs}`, url: inviteUrl(publicUrl, token), expiresAtMs };
}

/** Reads the value of COUNTERSIGN_INVITATION; throws ConfigError when it is none. */
export function readAnnouncement(setting: string): AnnouncedInvitation {
  const [, id, expiresAt] = FORM.exec(setting) ?? [];
  if (id === undefined) {
    throw new ConfigError("COUNTERSIGN_INVITATION is malformed: countersign worker invite prints one.");
  }
  return { id, expiresAtMs: Number(expiresAt) };
}
