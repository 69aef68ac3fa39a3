import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { Note } from "../ui/alert.tsx";
import { Button, type ButtonProps } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { usePage } from "../ui/page.ts";
import { type PasskeyAbility, usePasskeyAbility } from "./ability.ts";
import { type Attachment, createPasskey, getPasskey } from "./ceremony.ts";
import { type Ceremony, type PasskeyTrouble, passkeyTrouble } from "./errors.ts";
import { tellFault } from "./fault.ts";
import { noteAttachment } from "./local-nudge.ts";

type Props = Readonly<{
  action: string;
  /** `get` uses a passkey, `create` makes one. */
  ceremony: Ceremony;
  /** The server's options for the ceremony, in their JSON form. */
  options: unknown;
  /** Fields, and at least one `PasskeyButton`. */
  children: ComponentChildren;
}>;

/**
 * A form that needs a passkey: pressing its button runs the ceremony, then posts the fields together with `webauthn`, the
 * response as JSON text. Says in plain words what went wrong, and why when it cannot work at all.
 */
export function PasskeyForm({ action, ceremony, options, children }: Props): VNode {
  const { frame } = usePage();
  const ability = usePasskeyAbility();
  const [trouble, setTrouble] = useState<PasskeyTrouble>();
  const [waiting, setWaiting] = useState(false);
  const prepare = async (submitter: HTMLElement | null): Promise<Readonly<Record<string, string>> | undefined> => {
    if (waiting) return undefined;
    setTrouble(undefined);
    setWaiting(true);
    try {
      return { webauthn: JSON.stringify(await run(ceremony, options, submitter)) };
    } catch (error) {
      setTrouble(passkeyTrouble(ceremony, error));
      tellFault({ action, csrf: frame.csrf, ceremony, error });
      submitter?.focus();
      return undefined;
    } finally {
      setWaiting(false);
    }
  };
  return (
    <Form action={action} prepare={prepare}>
      <Region ability={ability} trouble={trouble} waiting={waiting} />
      {children}
    </Form>
  );
}

type PasskeyButtonProps = Pick<ButtonProps, "children" | "tone" | "label" | "describedBy" | "disabled"> &
  Readonly<{ attachment?: Attachment }>;

/** Starts the ceremony of its form. Pressable only where passkeys can work, and unless `disabled`. */
export function PasskeyButton({ attachment, disabled = false, ...look }: PasskeyButtonProps): VNode {
  const { live } = usePage();
  const able = usePasskeyAbility()?.able ?? true;
  return <Button value={attachment} disabled={disabled || !live || !able} {...look} />;
}

/** One live region that is always there, so that what appears in it is announced. */
function Region({
  ability,
  trouble,
  waiting,
}: Readonly<{ ability: PasskeyAbility | undefined; trouble: PasskeyTrouble | undefined; waiting: boolean }>): VNode {
  return (
    <>
      <noscript>
        <p class="alert alert-notice">
          <Message k="passkey.needs_script" />
        </p>
      </noscript>
      <div class="region" role="status">
        {ability?.able === false && (
          <Note>
            <Message k={ability.reason} />
          </Note>
        )}
        {trouble && (
          <Note tone={trouble.tone}>
            <Message k={trouble.message} />
          </Note>
        )}
        {waiting && (
          <p class="hint">
            <Message k="challenge.passkey.waiting" />
          </p>
        )}
      </div>
    </>
  );
}

async function run(ceremony: Ceremony, options: unknown, submitter: HTMLElement | null): Promise<unknown> {
  if (ceremony === "get") {
    const response = await getPasskey(options);
    noteAttachment(response);
    return response;
  }
  const wish = submitter instanceof HTMLButtonElement ? submitter.value : "";
  return createPasskey(options, wish === "platform" || wish === "cross-platform" ? wish : undefined);
}
