import type { VNode } from "preact";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";

/** Drops what was begun and goes back to the choice. */
export function ChooseAgain(): VNode {
  return (
    <Form action="/enrol/back">
      <Button tone="quiet">
        <Message k="enrol.choose_again" />
      </Button>
    </Form>
  );
}
