import type { VNode } from "preact";
import type { RecoveryCodesView } from "../../src/http/pages/models.ts";
import { Note } from "./alert.tsx";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Form } from "./form.tsx";
import { DownloadIcon, PrintIcon } from "./icons.tsx";
import { Layout } from "./layout.tsx";
import { useLeaveGuard } from "./leave-guard.ts";
import { Message } from "./message.tsx";
import { usePage, useText } from "./page.ts";
import { recoveryCodesFile } from "./recovery-codes-file.ts";
import { Time } from "./time.tsx";

type Props = Readonly<{ view: RecoveryCodesView; action: string }>;

/** Shows recovery codes this once. `action` takes the person's word that they are saved; until then leaving is asked about. */
export function RecoveryCodes({ view, action }: Props): VNode {
  const text = useText();
  useLeaveGuard();
  return (
    <Layout key="recovery_codes" heading={text("codes.title")}>
      <p class="lead no-print">
        <Message k="codes.lead" />
      </p>
      <p class="print-only">
        <Message k="codes.file_heading" values={{ service: view.serviceName }} /> ·{" "}
        <Time at={view.createdAt} precision="day" />
      </p>
      <CodeList codes={view.codes} />
      <Tools view={view} />
      <Note>
        <Message k="codes.keep" /> <Message k="codes.never_tell" />
      </Note>
      <Form action={action}>
        <Button tone="primary">
          <Message k="codes.saved" />
        </Button>
      </Form>
    </Layout>
  );
}

function CodeList({ codes }: Readonly<{ codes: readonly string[] }>): VNode {
  const text = useText();
  return (
    <ol class="codes" aria-label={text("codes.list")}>
      {codes.map((code) => (
        <li key={code}>
          <code dir="ltr" translate={false}>
            {code}
          </code>
        </li>
      ))}
    </ol>
  );
}

function Tools({ view }: Readonly<{ view: RecoveryCodesView }>): VNode | null {
  const { live, locale } = usePage();
  if (!live) return null;
  const file = recoveryCodesFile(locale, view);
  return (
    <div class="tools no-print">
      <CopyButton text={view.codes.join("\n")}>
        <Message k="codes.copy" />
      </CopyButton>
      <Button type="button" small icon={<DownloadIcon />} onClick={() => download(file)}>
        <Message k="codes.download" />
      </Button>
      <Button type="button" small icon={<PrintIcon />} onClick={() => window.print()}>
        <Message k="codes.print" />
      </Button>
    </div>
  );
}

function download({ name, text }: Readonly<{ name: string; text: string }>): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
