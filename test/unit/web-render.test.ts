import { beforeAll, describe, expect, test } from "vitest";
import { LANGUAGES } from "../../src/http/pages/language.ts";
import type { PageModel } from "../../src/http/pages/models.ts";
import { type Fixture, fixtures, HOSTILE_NAME } from "../gallery/fixtures.ts";
import { loadRenderer } from "../gallery/server.ts";

let render: (model: PageModel) => string;

beforeAll(async () => {
  const { createRenderer, manifest } = await loadRenderer();
  render = createRenderer(manifest);
});

const ALL: readonly Fixture[] = LANGUAGES.flatMap(fixtures);

function documentOf(name: string): string {
  const fixture = ALL.find((candidate) => candidate.name === name);
  if (fixture === undefined) throw new Error(`no fixture ${name}`);
  return render(fixture.model);
}

function tags(html: string, name: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<${name}(?: [^>]*)?>`, "g"))].map(([tag]) => tag);
}

describe("every document", () => {
  for (const { name, model } of ALL) {
    test(`${name} (${model.lang}) is complete, and keeps to the content security policy`, () => {
      const html = render(model);
      expect(html).toMatch(
        new RegExp(`^<!doctype html><html lang="${model.lang}" dir="${model.lang === "ar" ? "rtl" : "ltr"}">`),
      );
      expect(tags(html, "h1")).toHaveLength(1);
      expect(tags(html, "main")).toHaveLength(1);
      expect(/<title>(.+)<\/title>/.exec(html)?.[1]).toContain(
        model.relyingParty?.name.includes("<") ? "script" : " · ",
      );
      expect(html).not.toMatch(/ style="| on[a-z]+="|<style|javascript:/);
      // Links that a person follows may lead elsewhere; what a page loads may not.
      expect(html.replaceAll(/<a [^>]*>/g, "")).not.toMatch(/(?:src|href)="(?:https?:|\/\/)/);
      for (const script of tags(html, "script")) expect(script).toMatch(/ src="\/assets\/| type="application\/json"/);
      expect(html).not.toMatch(/\{\w+\}<|undefined|\[object/);
    });

    test(`${name} (${model.lang}) shows our host, and the relying party's name and host`, () => {
      const body = render(model).split('<script type="application/json"')[0] ?? "";
      expect(body).toContain(`<bdi dir="ltr">${model.host}</bdi>`);
      if (model.relyingParty?.host !== undefined) expect(body).toContain(model.relyingParty.host);
    });

    test(`${name} (${model.lang}) posts the session's token with every form, to our own paths`, () => {
      // A form that only looks something up says so in the address, where no token may stand.
      const forms = render(model)
        .split("<form ")
        .slice(1)
        .filter((form) => !/^[^>]* method="get"/.test(form));
      for (const form of forms) {
        expect(form).toMatch(/^class="[\w-]+" method="post" action="\/[\w/-]+"/);
        expect(form.split("</form>")[0]).toContain(`<input type="hidden" name="csrf" value="${model.csrf}"/>`);
      }
    });
  }
});

describe("a prompt", () => {
  const prompts = ALL.flatMap(({ name, model }) =>
    model.page === "prompt" && model.view === "challenge" ? [{ name, model }] : [],
  );

  test.each(prompts)(
    "$name ($model.lang) is its own person's, whoever was shown the same before",
    async ({ model }) => {
      const { createRenderer, manifest } = await loadRenderer();
      const { challenge } = model;
      const webauthn = challenge.webauthn && { options: { challenge: "somebody-elses-challenge" } };
      const other = {
        ...model,
        csrf: "somebody-elses-token",
        challenge: { ...challenge, webauthn, expiresAt: "2001" },
      };
      const first = createRenderer(manifest)(model);
      render(other);
      expect(render(model)).toBe(first);
      const theirs = render(other);
      expect(theirs).toBe(createRenderer(manifest)(other));
      expect(theirs).not.toContain(model.csrf);
      expect(render(model)).not.toMatch(/somebody-else|2001/);
    },
  );

  test("says what the relying party is called, even when that looks like what the renderer leaves room with", () => {
    const [{ model } = { model: undefined }] = prompts;
    if (model === undefined) throw new Error("no prompt among the fixtures");
    for (const name of ["place-of-the-token", "place-of-the-data"]) {
      const html = render({ ...model, relyingParty: { name, host: "shop.example" } });
      expect(html.split(name).length).toBeGreaterThan(2);
      expect(html).toContain(model.csrf);
    }
  });

  test("takes a token that is none as text", () => {
    const [{ model } = { model: undefined }] = prompts;
    if (model === undefined) throw new Error("no prompt among the fixtures");
    expect(render({ ...model, csrf: '"><b>' })).not.toContain("<b>");
  });
});

describe("names that people choose", () => {
  test("stay text, in the page, in its title and in its data", () => {
    for (const name of ["prompt-hostile-names", "account-overview-clone"]) {
      const html = documentOf(name);
      expect(html).not.toContain("<b title");
      expect(html.split("</script>")).toHaveLength(3);
    }
  });

  test("come back whole from the document's data", () => {
    const html = documentOf("prompt-hostile-names");
    const data = /<script type="application\/json" id="model">(.*?)<\/script>/.exec(html)?.[1] ?? "";
    expect(JSON.parse(data).relyingParty.name).toBe(HOSTILE_NAME);
  });
});

describe("without script", () => {
  test("the other methods are links, and the code field says what it is to the keyboard and the browser", () => {
    const html = documentOf("prompt-totp");
    expect(html).toContain('href="/prompt?method=webauthn"');
    expect(html).toContain('href="/prompt?method=recovery_code"');
    const field = tags(html, "input").find((tag) => tag.includes('name="totp"'));
    expect(field).toMatch(/type="text"/);
    expect(field).toMatch(/inputmode="numeric"/i);
    expect(field).toMatch(/autocomplete="one-time-code"/);
    expect(field).not.toMatch(/maxlength|pattern/i);
    expect(tags(html, "input").filter((tag) => !tag.includes("hidden"))).toHaveLength(1);
  });

  test("the recovery code field is not filled in or corrected by the browser", () => {
    const field = tags(documentOf("prompt-recovery"), "input").find((tag) => tag.includes('name="recovery_code"'));
    expect(field).toMatch(/autocomplete="off"/);
    expect(field).toMatch(/autocapitalize="off"/);
    expect(field).toMatch(/spellcheck="false"/);
    expect(field).not.toMatch(/inputmode/i);
  });

  test("passkeys say that they need it", () => {
    expect(documentOf("prompt-passkey")).toMatch(/<noscript>.*JavaScript/);
  });

  test("a wrong code is tied to its field", () => {
    const html = documentOf("prompt-totp-wrong");
    expect(html).toMatch(/role="alert" id="problem"/);
    expect(tags(html, "input").find((tag) => tag.includes('name="totp"'))).toMatch(/aria-describedby="problem"/);
  });

  test("codes and keys are written left to right", () => {
    expect(documentOf("enrol-recovery-codes")).toMatch(/<code dir="ltr"[^>]*>k7qp-/);
    expect(documentOf("enrol-totp")).toMatch(/<code dir="ltr"[^>]*>JBSW Y3DP/);
  });
});

test("a person who has to wait is told how long, in words, and that another way may work", () => {
  const html = documentOf("prompt-totp-throttled");
  expect(html).toContain("Wait <bdi>30 seconds</bdi>, then try again. Another way may work right now.");
  expect(html).toContain('href="/prompt?method=webauthn"');
});

test("pages that only say something load no script", () => {
  expect(tags(documentOf("plain-not-found"), "script")).toEqual([]);
});

test("a manifest of another build is refused", async () => {
  const { createRenderer } = await loadRenderer();
  expect(() => createRenderer({})).toThrow("the manifest of the pages has no ui/icon.svg");
});
