import type { PasswordLanguage } from "../ports/password-estimator.ts";
import type { PasswordViolation } from "./violations.ts";

/** Why a password is refused, and what to do instead: a sentence each. `{count}` is the length that the rule names. */
export type AdviceText = Readonly<{ reason: string; advice: string }>;

/** Shown to the person, so that a refusal has a reason and help (NIST SP 800-63B-4 §3.1.1.2). */
export const ADVICE_TEXTS: Readonly<Record<PasswordLanguage, Readonly<Record<PasswordViolation, AdviceText>>>> = {
  en: {
    not_text: {
      reason: "This password contains characters that are not valid text.",
      advice: "Type it again without the unusual characters.",
    },
    too_long: {
      reason: "Passwords can have at most {count} characters.",
      advice: "Use a shorter password: four or five random words are plenty.",
    },
    too_short: {
      reason: "This password is too short.",
      advice: "Use at least {count} characters, for example several random words.",
    },
    common_password: {
      reason: "This is a commonly used password.",
      advice: "Choose something that nobody else would think of, such as several random words.",
    },
    breached: {
      reason: "This password was exposed in a data breach.",
      advice: "Choose one that you have never used, and change it wherever you use this one.",
    },
    context_word: {
      reason: "This is a name that others would expect of you, with small changes.",
      advice: "Leave out your name, your address and the name of this service.",
    },
    banned_word: {
      reason: "This is a word that this service does not allow as a password, with small changes.",
      advice: "Build the password from other words.",
    },
    too_guessable: {
      reason: "This password is easy to guess.",
      advice: "Add another word or two; uncommon words are better.",
    },
  },
  de: {
    not_text: {
      reason: "Dieses Passwort enthält Zeichen, die kein gültiger Text sind.",
      advice: "Geben Sie es noch einmal ohne die ungewöhnlichen Zeichen ein.",
    },
    too_long: {
      reason: "Passwörter können höchstens {count} Zeichen haben.",
      advice: "Nehmen Sie ein kürzeres Passwort: Vier oder fünf zufällige Wörter reichen.",
    },
    too_short: {
      reason: "Dieses Passwort ist zu kurz.",
      advice: "Nehmen Sie mindestens {count} Zeichen, zum Beispiel mehrere zufällige Wörter.",
    },
    common_password: {
      reason: "Dieses Passwort wird häufig verwendet.",
      advice: "Nehmen Sie etwas, worauf sonst niemand kommt, etwa mehrere zufällige Wörter.",
    },
    breached: {
      reason: "Dieses Passwort ist bei einem Datenleck bekannt geworden.",
      advice: "Nehmen Sie eines, das Sie nie benutzt haben, und ändern Sie es überall, wo Sie dieses benutzen.",
    },
    context_word: {
      reason: "Das ist ein naheliegender Name, nur leicht verändert.",
      advice: "Lassen Sie Ihren Namen, Ihre Adresse und den Namen dieses Dienstes weg.",
    },
    banned_word: {
      reason: "Das ist ein Wort, das dieser Dienst nicht als Passwort zulässt, nur leicht verändert.",
      advice: "Bilden Sie das Passwort aus anderen Wörtern.",
    },
    too_guessable: {
      reason: "Dieses Passwort ist leicht zu erraten.",
      advice: "Fügen Sie ein oder zwei Wörter hinzu; seltene Wörter sind besser.",
    },
  },
  fr: {
    not_text: {
      reason: "Ce mot de passe contient des caractères qui ne sont pas du texte valide.",
      advice: "Saisissez-le à nouveau sans les caractères inhabituels.",
    },
    too_long: {
      reason: "Un mot de passe peut compter au plus {count} caractères.",
      advice: "Choisissez un mot de passe plus court : quatre ou cinq mots au hasard suffisent.",
    },
    too_short: {
      reason: "Ce mot de passe est trop court.",
      advice: "Utilisez au moins {count} caractères, par exemple plusieurs mots au hasard.",
    },
    common_password: {
      reason: "Ce mot de passe est très répandu.",
      advice: "Choisissez ce à quoi personne d’autre ne penserait, comme plusieurs mots au hasard.",
    },
    breached: {
      reason: "Ce mot de passe a été exposé lors d’une fuite de données.",
      advice: "Choisissez-en un que vous n’avez jamais utilisé, et changez-le partout où vous utilisez celui-ci.",
    },
    context_word: {
      reason: "C’est un nom que l’on s’attend à trouver chez vous, à peine modifié.",
      advice: "Évitez votre nom, votre adresse et le nom de ce service.",
    },
    banned_word: {
      reason: "C’est un mot que ce service n’accepte pas comme mot de passe, à peine modifié.",
      advice: "Composez le mot de passe avec d’autres mots.",
    },
    too_guessable: {
      reason: "Ce mot de passe est facile à deviner.",
      advice: "Ajoutez un mot ou deux ; les mots rares sont préférables.",
    },
  },
  es: {
    not_text: {
      reason: "Esta contraseña contiene caracteres que no son texto válido.",
      advice: "Escríbala de nuevo sin los caracteres inusuales.",
    },
    too_long: {
      reason: "Las contraseñas pueden tener como máximo {count} caracteres.",
      advice: "Use una contraseña más corta: cuatro o cinco palabras al azar bastan.",
    },
    too_short: {
      reason: "Esta contraseña es demasiado corta.",
      advice: "Use al menos {count} caracteres, por ejemplo varias palabras al azar.",
    },
    common_password: {
      reason: "Esta contraseña es muy común.",
      advice: "Elija algo que a nadie más se le ocurriría, como varias palabras al azar.",
    },
    breached: {
      reason: "Esta contraseña quedó expuesta en una filtración de datos.",
      advice: "Elija una que nunca haya usado y cámbiela en todos los sitios donde use esta.",
    },
    context_word: {
      reason: "Es un nombre que otros esperarían de usted, con pequeños cambios.",
      advice: "Evite su nombre, su dirección y el nombre de este servicio.",
    },
    banned_word: {
      reason: "Es una palabra que este servicio no admite como contraseña, con pequeños cambios.",
      advice: "Forme la contraseña con otras palabras.",
    },
    too_guessable: {
      reason: "Esta contraseña es fácil de adivinar.",
      advice: "Añada una o dos palabras; mejor si son poco comunes.",
    },
  },
  it: {
    not_text: {
      reason: "Questa password contiene caratteri che non sono testo valido.",
      advice: "La scriva di nuovo senza i caratteri insoliti.",
    },
    too_long: {
      reason: "Le password possono avere al massimo {count} caratteri.",
      advice: "Usi una password più corta: quattro o cinque parole a caso bastano.",
    },
    too_short: {
      reason: "Questa password è troppo corta.",
      advice: "Usi almeno {count} caratteri, per esempio più parole a caso.",
    },
    common_password: {
      reason: "Questa password è molto usata.",
      advice: "Scelga qualcosa a cui nessun altro penserebbe, come più parole a caso.",
    },
    breached: {
      reason: "Questa password è stata esposta in una fuga di dati.",
      advice: "Ne scelga una che non ha mai usato e la cambi ovunque usi questa.",
    },
    context_word: {
      reason: "È un nome che altri si aspetterebbero da lei, con piccole modifiche.",
      advice: "Eviti il suo nome, il suo indirizzo e il nome di questo servizio.",
    },
    banned_word: {
      reason: "È una parola che questo servizio non ammette come password, con piccole modifiche.",
      advice: "Componga la password con altre parole.",
    },
    too_guessable: {
      reason: "Questa password è facile da indovinare.",
      advice: "Aggiunga una o due parole; meglio se poco comuni.",
    },
  },
};
