import type { PasswordLanguage } from "../../src/ports/password-estimator.ts";

/** What the field itself says; reasons and advice come with the check. */
export type FieldTexts = Readonly<{
  password: string;
  show: string;
  hide: string;
  /** The button's name: it begins with what is written on it, and is not taken for the field's. */
  showTyped: string;
  hideTyped: string;
  isShown: string;
  isHidden: string;
  strength: string;
  /** By score, from 0 to 4. */
  levels: readonly [string, string, string, string, string];
  checking: string;
  good: string;
  unchecked: string;
  needed: string;
}>;

export const FIELD_TEXTS: Readonly<Record<PasswordLanguage, FieldTexts>> = {
  en: {
    password: "Password",
    show: "Show",
    hide: "Hide",
    showTyped: "Show what is typed",
    hideTyped: "Hide what is typed",
    isShown: "The password is shown.",
    isHidden: "The password is hidden.",
    strength: "Strength",
    levels: ["Very weak", "Weak", "Fair", "Good", "Strong"],
    checking: "Checking …",
    good: "This password will do.",
    unchecked: "This password will do. It could not be compared with known breaches.",
    needed: "Choose a password.",
  },
  de: {
    password: "Passwort",
    show: "Zeigen",
    hide: "Verbergen",
    showTyped: "Zeigen, was getippt ist",
    hideTyped: "Verbergen, was getippt ist",
    isShown: "Das Passwort ist sichtbar.",
    isHidden: "Das Passwort ist verborgen.",
    strength: "Stärke",
    levels: ["Sehr schwach", "Schwach", "Mäßig", "Gut", "Stark"],
    checking: "Wird geprüft …",
    good: "Dieses Passwort ist in Ordnung.",
    unchecked: "Dieses Passwort ist in Ordnung. Es konnte nicht mit bekannten Datenlecks verglichen werden.",
    needed: "Wählen Sie ein Passwort.",
  },
  fr: {
    password: "Mot de passe",
    show: "Afficher",
    hide: "Masquer",
    showTyped: "Afficher la saisie",
    hideTyped: "Masquer la saisie",
    isShown: "Le mot de passe est affiché.",
    isHidden: "Le mot de passe est masqué.",
    strength: "Robustesse",
    levels: ["Très faible", "Faible", "Moyenne", "Bonne", "Forte"],
    checking: "Vérification …",
    good: "Ce mot de passe convient.",
    unchecked: "Ce mot de passe convient. Il n’a pas pu être comparé aux fuites connues.",
    needed: "Choisissez un mot de passe.",
  },
  es: {
    password: "Contraseña",
    show: "Mostrar",
    hide: "Ocultar",
    showTyped: "Mostrar lo escrito",
    hideTyped: "Ocultar lo escrito",
    isShown: "La contraseña se muestra.",
    isHidden: "La contraseña está oculta.",
    strength: "Seguridad",
    levels: ["Muy débil", "Débil", "Aceptable", "Buena", "Fuerte"],
    checking: "Comprobando …",
    good: "Esta contraseña es adecuada.",
    unchecked: "Esta contraseña es adecuada. No se ha podido comparar con filtraciones conocidas.",
    needed: "Elija una contraseña.",
  },
  it: {
    password: "Password",
    show: "Mostra",
    hide: "Nascondi",
    showTyped: "Mostra il testo digitato",
    hideTyped: "Nascondi il testo digitato",
    isShown: "La password è visibile.",
    isHidden: "La password è nascosta.",
    strength: "Robustezza",
    levels: ["Molto debole", "Debole", "Discreta", "Buona", "Forte"],
    checking: "Verifica in corso …",
    good: "Questa password va bene.",
    unchecked: "Questa password va bene. Non è stato possibile confrontarla con le fughe di dati note.",
    needed: "Scelga una password.",
  },
};
