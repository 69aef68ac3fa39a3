import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Language, PageModel } from "../../src/http/pages/models.ts";
import { AccountPage } from "../account/account-page.tsx";
import { AdminPage } from "../admin/admin-page.tsx";
import { frameOf } from "../client/app.tsx";
import { EnrolPage } from "../enrol/enrol-page.tsx";
import { adminDe } from "../i18n/admin-de.ts";
import { adminEn } from "../i18n/admin-en.ts";
import { ar } from "../i18n/ar.ts";
import type { Locale, Messages } from "../i18n/catalogue.ts";
import { de } from "../i18n/de.ts";
import { directionOf } from "../i18n/direction.ts";
import { en } from "../i18n/en.ts";
import { es } from "../i18n/es.ts";
import { fr } from "../i18n/fr.ts";
import { PlainPage } from "../plain/plain-page.tsx";
import { PromptPage } from "../prompt/prompt-page.tsx";
import { PageProvider } from "../ui/page.ts";
import { type Assets, readAssets } from "./assets.ts";
import { keepPrompts } from "./kept-prompts.ts";

const MESSAGES: Readonly<Record<Language, Messages>> = {
  en: { ...en, ...adminEn },
  de: { ...de, ...adminDe },
  fr,
  es,
  ar,
};

export type RenderOptions = Readonly<{
  /** Stands in for the model's language; such a document has no script, which would bring the real words back. */
  locale?: Locale;
}>;

/**
 * Returns the function that turns a model into a complete HTML document: works without script, and hydrates with it.
 * `manifest` is the parsed manifest of the client build. Throws when the manifest does not belong to this build.
 */
export function createRenderer(manifest: unknown, options: RenderOptions = {}): (model: PageModel) => string {
  const assetsOf = readAssets(manifest);
  return keepPrompts((model, data) => {
    const locale = options.locale ?? {
      lang: model.lang,
      dir: directionOf(model.lang),
      messages: MESSAGES[model.lang],
    };
    const hasScript = options.locale === undefined && model.page !== "plain";
    const admin = model.page === "admin";
    const words = [`i18n/${model.lang}.ts`, ...(admin ? [`i18n/admin-${model.lang}.ts`] : [])];
    const styles = ["ui/styles/main.css", ...(admin ? ["admin/admin.css"] : [])];
    const assets = assetsOf(hasScript ? `${model.page}/main.tsx` : undefined, hasScript ? words : [], styles);
    return `<!doctype html>${renderToString(toDocument(model, { locale, assets, data }))}`;
  });
}

type Terms = Readonly<{ locale: Locale; assets: Assets; data: string }>;

function toDocument(model: PageModel, { locale, assets, data }: Terms): VNode {
  const { body, title } = renderBody(model, locale);
  return (
    <html lang={locale.lang} dir={locale.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        {assets.icon && <link rel="icon" type="image/svg+xml" href={assets.icon} />}
        {assets.styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {model.brand?.stylesheet && <link rel="stylesheet" href={model.brand.stylesheet} />}
        {/* The page works without its script: what it looks like comes first over a slow connection. */}
        {assets.preloads.map((href) => (
          <link key={href} rel="modulepreload" fetchpriority="low" href={href} />
        ))}
        {assets.script && <script type="module" src={assets.script} />}
      </head>
      <body>
        {/* Already rendered by the same components: user text in it is escaped. */}
        <div id="app" dangerouslySetInnerHTML={{ __html: body }} />
        {assets.script && <script type="application/json" id="model" dangerouslySetInnerHTML={{ __html: data }} />}
      </body>
    </html>
  );
}

/** The view's HTML, and the title it asked for while rendering. */
function renderBody(model: PageModel, locale: Locale): Readonly<{ body: string; title: string }> {
  let title = "";
  const page = {
    frame: frameOf(model),
    locale,
    live: false,
    busy: false,
    turn: 0,
    setTitle: (text: string) => {
      title = text;
    },
    submit: async () => {},
    show: () => {},
  };
  const body = renderToString(<PageProvider value={page}>{view(model)}</PageProvider>);
  return { body, title };
}

function view(model: PageModel): VNode {
  switch (model.page) {
    case "prompt":
      return <PromptPage model={model} />;
    case "enrol":
      return <EnrolPage model={model} />;
    case "account":
      return <AccountPage model={model} />;
    case "admin":
      return <AdminPage model={model} />;
    case "plain":
      return <PlainPage model={model} />;
  }
}
