import type { TargetedMouseEvent, VNode } from "preact";
import type { Method } from "../../src/domain/authenticator.ts";
import type { ChallengeView } from "../../src/http/pages/models.ts";
import { AppIcon, ChevronIcon, CodesIcon, PasskeyIcon } from "../ui/icons.tsx";
import { Message } from "../ui/message.tsx";

type Props = Readonly<{ challenge: ChallengeView; path: string; onSwitch: (challenge: ChallengeView) => void }>;

export const METHOD_ICONS: Readonly<Record<Method, () => VNode>> = {
  webauthn: PasskeyIcon,
  totp: AppIcon,
  recovery_code: CodesIcon,
};

/** "Try another way": every other method the person may use, as links that work without script. */
export function MethodSwitch({ challenge, path, onSwitch }: Props): VNode | null {
  const others = challenge.methods.filter((method) => method !== challenge.current);
  if (others.length === 0) return null;
  return (
    <nav class="switch" aria-labelledby="switch-heading">
      <h2 id="switch-heading">
        <Message k="switch.heading" />
      </h2>
      <ul>
        {others.map((method) => (
          <li key={method}>
            <MethodLink method={method} path={path} onFollow={() => onSwitch(withMethod(challenge, method))} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function MethodLink({
  method,
  path,
  onFollow,
}: Readonly<{ method: Method; path: string; onFollow: () => void }>): VNode {
  const Icon = METHOD_ICONS[method];
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onFollow();
  };
  return (
    <a class="choice" href={`${path}?method=${method}`} onClick={follow}>
      <Icon />
      <span>
        <Message k={`switch.${method}`} />
      </span>
      <ChevronIcon />
    </a>
  );
}

/** The same challenge seen through another method; a problem belonged to the answer before. */
function withMethod({ problem: _, ...challenge }: ChallengeView, method: Method): ChallengeView {
  return { ...challenge, current: method };
}
