import type { Catalogue } from "./catalogue.ts";

/** German, key by key as English. */
export const de: Catalogue = {
  "brand.name": "Countersign",

  "title.with_party": "{heading} · {party}",
  "party.for": "Für",

  "links.privacy": "Datenschutz",
  "links.support": "Hilfe",

  "status.busy": "Einen Moment …",
  "status.leaving": "Es geht zurück zu {host} …",
  "status.loading": "{host} wird geöffnet …",

  "failure.network": "Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",
  "failure.unexpected": "Bei uns ist etwas schiefgegangen. Laden Sie die Seite neu und versuchen Sie es erneut.",
  "failure.too_many": "Aus Ihrem Netz kamen zu viele Anfragen. Warten Sie eine Minute und versuchen Sie es erneut.",

  "duration.seconds": { one: "{count} Sekunde", other: "{count} Sekunden" },
  "duration.minutes": { one: "{count} Minute", other: "{count} Minuten" },
  "duration.hours": { one: "{count} Stunde", other: "{count} Stunden" },

  "method.webauthn": "Passkey",
  "method.totp": "Authenticator-App",
  "method.recovery_code": "Wiederherstellungscode",
  "switch.heading": "Anderer Weg",
  "switch.webauthn": "Passkey oder Sicherheitsschlüssel verwenden",
  "switch.totp": "Code aus der Authenticator-App verwenden",
  "switch.recovery_code": "Wiederherstellungscode verwenden",

  "challenge.continue": "Weiter",
  "challenge.cancel": "Abbrechen",
  "challenge.totp.title": "Code eingeben",
  "challenge.totp.lead":
    "Öffnen Sie Ihre Authenticator-App und tippen Sie den {digits}-stelligen Code ein, den sie zeigt.",
  "challenge.totp.label": "Code aus der Authenticator-App",
  "challenge.totp.by_itself": "Nach der letzten Ziffer geht es von selbst weiter.",
  "challenge.totp.rejected":
    "Dieser Code hat nicht funktioniert. Warten Sie auf den nächsten in Ihrer App und tippen Sie ihn hier ein.",
  "challenge.totp.rejected_again":
    "Auch dieser Code hat nicht funktioniert. Prüfen Sie, ob die Uhr Ihres Telefons automatisch gestellt wird. Jeder Code gilt nur einmal, warten Sie also auf den nächsten. Wenn noch nicht benutzte Codes immer wieder scheitern, benutzt sie vielleicht jemand anderes: Sagen Sie es dem Support der Stelle, von der Sie kommen.",
  "challenge.recovery.title": "Wiederherstellungscode verwenden",
  "challenge.recovery.lead":
    "Tippen Sie einen der Wiederherstellungscodes ein, die Sie gespeichert haben. Jeder gilt einmal.",
  "challenge.recovery.label": "Wiederherstellungscode",
  "challenge.recovery.hint": "Großschreibung, Leerzeichen und Bindestriche spielen keine Rolle.",
  "challenge.recovery.rejected":
    "Dieser Wiederherstellungscode hat nicht funktioniert. Prüfen Sie jedes Zeichen, oder nehmen Sie einen noch nicht benutzten. Haben Sie ihn nie benutzt, war es vielleicht jemand anderes: Sagen Sie es dem Support der Stelle, von der Sie kommen.",
  "challenge.passkey.title": "Passkey verwenden",
  "challenge.passkey.lead":
    "Ihr Gerät fragt nach Ihrem Gesicht, Ihrem Fingerabdruck oder der Displaysperre. Ein Sicherheitsschlüssel geht hier auch.",
  "challenge.passkey.button": "Passkey verwenden",
  "challenge.passkey.waiting": "Folgen Sie den Schritten, die Ihr Gerät zeigt.",
  "challenge.passkey.rejected":
    "Dieser Passkey hat hier nicht funktioniert. Versuchen Sie es erneut oder nehmen Sie einen anderen Weg.",
  "challenge.throttled":
    "Zu viele falsche Codes. Warten Sie {duration} und versuchen Sie es dann erneut. Ein anderer Weg geht vielleicht sofort.",
  "challenge.suspended":
    "Zu Ihrer Sicherheit sind Codes vorerst gesperrt. Nehmen Sie einen Passkey, oder fragen Sie den Support der Seite, von der Sie kommen.",
  "challenge.assurance_unmet":
    "Das war richtig, aber hier wird ein stärkerer Nachweis gebraucht. Nehmen Sie einen Passkey oder Sicherheitsschlüssel.",
  "challenge.never_tell": "Niemand vom Support fragt Sie je nach einem Code. Lesen Sie niemandem einen vor.",

  "prompt.lost.open": "Nichts davon geht mehr?",
  "prompt.lost.note":
    "Wenn Sie alle Anmeldewege verloren haben, sagen Sie es uns. Wir geben der Anwendung und der Verwaltung Bescheid. Dort wird geprüft, dass Sie es sind, bevor sich etwas ändert.",
  "prompt.lost.button": "Um Hilfe bitten",

  "passkey.cancelled": "Abgebrochen oder zu lange gewartet. Versuchen Sie es erneut oder nehmen Sie einen anderen Weg.",
  "passkey.already_here": "Gute Nachricht: Dieses Gerät hat hier schon einen Passkey. Sie können sich damit anmelden.",
  "passkey.device_cannot":
    "Dieses Gerät kann die Prüfung nicht ausführen oder keine Passkeys aufbewahren. Nehmen Sie Ihr Telefon, einen Sicherheitsschlüssel oder eine Authenticator-App.",
  "passkey.not_supported":
    "Dieses Gerät oder dieser Schlüssel ist zu alt für Passkeys auf dieser Seite. Nehmen Sie einen anderen Weg.",
  "passkey.setup_fault":
    "Entschuldigung, Passkeys sind bei uns nicht richtig eingerichtet. Nehmen Sie vorerst einen anderen Weg.",
  "passkey.our_fault": "Entschuldigung, das war ein Fehler bei uns. Nehmen Sie vorerst einen anderen Weg.",
  "passkey.no_browser":
    "Dieser Browser kann keine Passkeys verwenden. Falls Sie die Seite in einer App geöffnet haben, öffnen Sie sie in Ihrem üblichen Browser, oder nehmen Sie einen anderen Weg.",
  "passkey.insecure": "Passkeys gehen nur über eine sichere Verbindung (https). Nehmen Sie einen anderen Weg.",
  "passkey.needs_script":
    "Passkeys brauchen JavaScript, das in diesem Browser ausgeschaltet ist. Nehmen Sie einen anderen Weg.",

  "prompt.expired.title": "Fangen wir neu an",
  "prompt.expired.lead": "Diese Seite war eine Weile offen. Es ist nichts verloren: Machen Sie hier weiter.",
  "prompt.expired.button": "Neu anfangen",
  "prompt.recovery_used.title": "Sie sind angemeldet",
  "prompt.recovery_used.left": {
    one: "Sie haben noch {count} Wiederherstellungscode.",
    other: "Sie haben noch {count} Wiederherstellungscodes.",
  },
  "prompt.recovery_used.none": "Das war Ihr letzter Wiederherstellungscode.",
  "prompt.recovery_used.renew":
    "Erzeugen Sie bald neue auf Ihrer Sicherheitsseite, damit Sie sich nicht aussperren. Die alten gelten dann nicht mehr.",
  "prompt.continue_to": "Weiter zu {host}",
  "prompt.closed.attempts_exhausted.title": "Zu viele Versuche",
  "prompt.closed.attempts_exhausted.lead":
    "Diese Anmeldung wurde nach zu vielen falschen Antworten geschlossen. Gehen Sie zurück und melden Sie sich neu an.",
  "prompt.closed.cancelled.title": "Abgebrochen",
  "prompt.closed.cancelled.lead": "Sie haben diese Anmeldung abgebrochen. Es wurde nichts geändert.",
  "prompt.closed.satisfied.title": "Schon bestätigt",
  "prompt.closed.satisfied.lead": "Diese Anmeldung ist schon bestätigt. Hier gibt es nichts mehr zu tun.",
  "prompt.closed.help_requested.title": "Wir haben es weitergegeben",
  "prompt.closed.help_requested.lead":
    "Die Anwendung und die Verwaltung wissen jetzt, dass Sie Hilfe brauchen. Gehen Sie zurück und wenden Sie sich an den Support: Dort wird geprüft, dass Sie es sind, und dann können Sie Ihren zweiten Schritt neu einrichten.",
  "prompt.closed.close": "Sie können diese Seite schließen.",

  "enrol.choose.title_first": "Schützen Sie Ihr Konto",
  "enrol.choose.lead_first":
    "Wählen Sie einen zweiten Schritt für die Anmeldung. Ein gestohlenes Passwort allein reicht dann nicht.",
  "enrol.choose.title_more": "Weiteren Weg zur Anmeldung hinzufügen",
  "enrol.choose.lead_more": "Mit zwei Wegen behalten Sie den Zugang, wenn einer verloren geht.",
  "enrol.choose.passkey.title": "Passkey",
  "enrol.choose.passkey.text":
    "Sie bestätigen mit Gesicht, Fingerabdruck, Geräte-PIN oder einem Sicherheitsschlüssel. Sie tippen nichts, und falsche Webseiten können nichts damit anfangen.",
  "enrol.choose.passkey.button": "Passkey einrichten",
  "enrol.choose.totp.title": "Authenticator-App",
  "enrol.choose.totp.text":
    "Eine App auf Telefon oder Computer zeigt immer neue Codes. Bei der Anmeldung tippen Sie den aktuellen ein.",
  "enrol.choose.totp.button": "Authenticator-App einrichten",
  "enrol.choose.recommended": "Empfohlen",
  "enrol.choose_again": "Anderen Weg wählen",

  "enrol.totp.title": "Authenticator-App verbinden",
  "enrol.totp.lead": "Es ändert sich nichts, bis Sie unten den ersten Code eingetippt haben.",
  "enrol.totp.step_app": "Nehmen Sie dieses Konto in Ihre App auf",
  "enrol.totp.apps":
    "Es geht Ihr Passwort-Manager, die eingebaute App Ihres Telefons oder eine eigene Authenticator-App.",
  "enrol.totp.scan": "Scannen Sie dies mit der App:",
  "enrol.totp.qr": "QR-Code mit dem Schlüssel für {account}",
  "enrol.totp.open": "In einer App auf diesem Gerät öffnen",
  "enrol.totp.key": "Oder tippen Sie diesen Schlüssel in die App:",
  "enrol.totp.copy_key": "Schlüssel kopieren",
  "enrol.totp.account": "Konto: {account}",
  "enrol.totp.step_code": "Tippen Sie den Code ein, den die App zeigt",
  "enrol.totp.label": "Code aus der Authenticator-App",
  "enrol.totp.button": "Einrichtung abschließen",
  "enrol.totp.wrong_code":
    "Dieser Code stimmt nicht. Warten Sie auf den nächsten in Ihrer App und tippen Sie ihn hier ein.",
  "enrol.totp.wrong_code_again":
    "Auch dieser Code stimmt nicht. Prüfen Sie, ob die Uhr Ihres Telefons automatisch gestellt wird, oder löschen Sie das Konto in der App und scannen Sie neu.",
  "enrol.totp.clock_behind": {
    one: "Der Code passt zu einer Uhr, die {count} Minute nachgeht. Lassen Sie Ihr Telefon die Uhr automatisch stellen und tippen Sie den nächsten Code ein.",
    other:
      "Der Code passt zu einer Uhr, die {count} Minuten nachgeht. Lassen Sie Ihr Telefon die Uhr automatisch stellen und tippen Sie den nächsten Code ein.",
  },
  "enrol.totp.clock_ahead": {
    one: "Der Code passt zu einer Uhr, die {count} Minute vorgeht. Lassen Sie Ihr Telefon die Uhr automatisch stellen und tippen Sie den nächsten Code ein.",
    other:
      "Der Code passt zu einer Uhr, die {count} Minuten vorgeht. Lassen Sie Ihr Telefon die Uhr automatisch stellen und tippen Sie den nächsten Code ein.",
  },
  "enrol.totp.cancel_note": "Wenn Sie hier aufhören, bleibt alles, wie es war.",

  "enrol.passkey.title": "Passkey einrichten",
  "enrol.passkey.lead":
    "Ein Passkey bestätigt mit dem, was Ihr Gerät ohnehin entsperrt, dass Sie es sind: Gesicht, Fingerabdruck oder PIN.",
  "enrol.passkey.point_safe": "Ihr Gesicht oder Fingerabdruck verlässt das Gerät nie.",
  "enrol.passkey.point_phishing": "Er gilt nur für diese Adresse, eine falsche Webseite bekommt also nichts.",
  "enrol.passkey.shared":
    "Auf einem gemeinsam genutzten Gerät könnte ihn jeder verwenden, der das Gerät entsperren kann. Nehmen Sie dort einen Sicherheitsschlüssel.",
  "enrol.passkey.this_device": "Auf diesem Gerät anlegen",
  "enrol.passkey.other_device": "Sicherheitsschlüssel verwenden",
  "enrol.passkey.no_platform": "Dieses Gerät kann selbst keinen Passkey aufbewahren. Ein Sicherheitsschlüssel geht.",
  "enrol.passkey.refused":
    "Dieser Passkey ließ sich nicht hinzufügen. Es wurde nichts geändert. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.",

  "label.summary": "Namen geben (freiwillig)",
  "label.label": "Name",
  "label.hint": "Zum Beispiel „Mein Telefon“. Nur Sie sehen ihn.",

  "codes.title": "Wiederherstellungscodes sichern",
  "codes.lead":
    "Falls Sie Ihr Gerät verlieren, kommen Sie mit einem dieser Codes hinein. Sie werden nur dieses eine Mal gezeigt.",
  "codes.list": "Ihre Wiederherstellungscodes",
  "codes.copy": "Kopieren",
  "codes.download": "Herunterladen",
  "codes.print": "Drucken",
  "codes.keep":
    "Bewahren Sie sie dort auf, wo Sie sie auch ohne Telefon finden: in einem Passwort-Manager oder gedruckt bei Ihren Unterlagen.",
  "codes.never_tell": "Niemand vom Support fragt Sie je nach einem.",
  "codes.saved": "Ich habe sie gesichert",
  "codes.file_heading": "Wiederherstellungscodes für {service}",
  "codes.file_created": "Erzeugt am {date}",
  "codes.file_note": "Jeder Code gilt einmal. Verraten Sie sie niemandem: Der Support fragt nie danach.",

  "copy.done": "Kopiert",
  "copy.failed": "Kopieren ging nicht. Markieren und kopieren Sie den Text selbst.",

  "enrol.done.title": "Einsatzbereit",
  "enrol.done.lead": "„{label}“ wurde hinzugefügt.",
  "enrol.done.codes": "Ihre neuen Wiederherstellungscodes gelten. Die alten sind ungültig.",
  "enrol.codes.title": "Neue Wiederherstellungscodes",
  "enrol.codes.lead": "Sie erhalten zehn neue Codes. Die bisherigen werden sofort ungültig.",
  "enrol.codes.button": "Neue Codes erstellen",
  "enrol.done.passkey_nudge":
    "Ein Passkey wäre noch sicherer und schneller: Sie tippen nichts, und falsche Webseiten können nichts damit anfangen.",
  "enrol.done.passkey_button": "Passkey hinzufügen",
  "enrol.done.second_nudge":
    "Fügen Sie gleich einen zweiten Weg hinzu, dann sperrt Sie ein verlorenes Gerät nicht aus.",
  "enrol.done.second_button": "Zweiten Weg hinzufügen",
  "enrol.done.finish": "Fertig",
  "enrol.done.finish_to": "Zurück zu {host}",
  "enrol.expired.title": "Diese Einrichtung ist beendet",
  "enrol.expired.lead": "Sie war zu lange offen, deshalb haben wir sie geschlossen. Es wurde nichts geändert.",
  "enrol.expired.button": "Neu anfangen",
  "enrol.expired.elsewhere": "Gehen Sie dorthin zurück, wo Sie herkamen, und fangen Sie neu an.",

  "sync.synced": "Synchronisiert: Er geht auch auf Ihren anderen Geräten mit demselben Passwort-Manager.",
  "sync.syncable": "Bisher nur auf diesem Gerät. Ihr Passwort-Manager kann ihn synchronisieren.",
  "sync.device_bound":
    "Nur auf diesem einen Gerät oder Schlüssel. Fügen Sie einen zweiten hinzu, falls Sie ihn verlieren.",
  "sync.short.synced": "Synchronisiert",
  "sync.short.syncable": "Noch nicht synchronisiert",
  "sync.short.device_bound": "Nur auf einem Gerät",

  "account.title": "Ihr zweiter Schritt",
  "account.why.sign_in": "Um zu sehen, wie Sie sich anmelden, zeigen Sie zuerst, dass Sie es sind.",
  "account.why.change": "Bevor Sie etwas ändern, zeigen Sie, dass Sie es sind.",
  "account.authenticators": "Wege zur Anmeldung",
  "account.none": "Sie haben noch nichts eingerichtet.",
  "account.added": "Hinzugefügt",
  "account.last_used": "Zuletzt verwendet",
  "account.never_used": "Noch nicht verwendet",
  "account.provider": "Aufbewahrt in",
  "account.clone":
    "Jemand könnte eine Kopie dieses Schlüssels haben. Entfernen Sie ihn und richten Sie einen neuen ein.",
  "account.rename": "Umbenennen",
  "account.rename_for": "{label} umbenennen",
  "account.rename_label": "Neuer Name",
  "account.save": "Speichern",
  "account.remove": "Entfernen",
  "account.remove_for": "{label} entfernen",
  "account.add_passkey": "Passkey hinzufügen",
  "account.add_totp": "Authenticator-App hinzufügen",
  "account.nudge": "Sie haben nur einen Weg zur Anmeldung. Fügen Sie einen zweiten hinzu, falls Sie ihn verlieren.",
  "account.nudge_local":
    "Sie haben einen Passkey von einem anderen Gerät verwendet. Mit einem auf diesem Gerät geht es nächstes Mal schneller.",
  "account.not_now": "Nicht jetzt",
  "account.remind_later": "Später erinnern",
  "account.codes": "Wiederherstellungscodes",
  "account.codes_left": { one: "Noch {count} Code.", other: "Noch {count} Codes." },
  "account.codes_none": "Sie haben keine Wiederherstellungscodes.",
  "account.codes_low": "Erzeugen Sie bald neue, damit Sie sich nicht aussperren.",
  "account.codes_renew": "Neue Codes erzeugen",
  "account.codes_renew_note": "Die alten gelten dann nicht mehr.",
  "account.activity": "Was zuletzt geschah",
  "account.no_activity": "Es ist noch nichts geschehen.",
  "account.not_me": "War eines davon nicht von Ihnen?",
  "account.not_me_note":
    "Sagen Sie es uns. Wir vermerken es und benachrichtigen die Administratoren. Ändern Sie dann Ihr Passwort und entfernen Sie, was Sie nicht kennen.",
  "account.not_me_button": "Das war ich nicht",
  "account.sign_out": "Abmelden",
  "account.finish_to": "Zurück zu {host}",
  "account.done.renamed": "Der neue Name ist gespeichert.",
  "account.done.removed": "Entfernt. In Ihrem Passwort-Manager kann noch eine Kopie sein; Sie können sie dort löschen.",
  "account.done.recovery_codes_saved": "Ihre neuen Wiederherstellungscodes gelten. Die alten gelten nicht mehr.",
  "account.done.added": "Hinzugefügt.",
  "account.done.dismissed": "Danke. Dann ist alles in Ordnung.",
  "account.done.reported":
    "Danke. Wir haben es vermerkt und die Administratoren benachrichtigt. Ändern Sie jetzt Ihr Passwort und entfernen Sie, was Sie nicht kennen.",

  "suspicion.title": "Waren Sie das?",
  "suspicion.answers_refused":
    "Jemand hat Ihr Passwort eingegeben und ist dann mehrmals am zweiten Schritt gescheitert. Waren Sie das nicht, kennt jemand anderes Ihr Passwort.",
  "suspicion.challenge_declined":
    "Jemand hat Ihr Passwort eingegeben und dann den zweiten Schritt abgelehnt. Waren Sie das nicht, kennt jemand anderes Ihr Passwort.",
  "suspicion.me": "Das war ich",
  "suspicion.not_me": "Das war ich nicht",
  "suspicion.not_me_note":
    "Waren Sie es nicht, benachrichtigen wir, wer den Dienst betreibt, und melden Sie überall sonst ab. Ändern Sie dann Ihr Passwort.",

  "remove.title": "„{label}“ entfernen?",
  "remove.lead": "Sie können sich dann nicht mehr damit anmelden.",
  "remove.still": "Das geht weiterhin:",
  "remove.codes_left": { one: "{count} Wiederherstellungscode", other: "{count} Wiederherstellungscodes" },
  "remove.nothing": "Es bleibt nichts anderes. Sie würden sich ohne zweiten Schritt anmelden.",
  "remove.last_strong":
    "Das ist Ihr letzter Passkey oder Ihre letzte Authenticator-App. Wenn Sie das entfernen, ist Ihr Konto schlechter geschützt.",
  "remove.passkey_note": "Die Kopie in Ihrem Passwort-Manager kann bleiben. Sie können sie danach dort löschen.",
  "remove.button": "Entfernen",
  "remove.keep": "Behalten",

  "signed_out.title": "Sie sind abgemeldet",
  "signed_out.lead": "Sie können diese Seite schließen.",

  "activity.signed_in": "Angemeldet",
  "activity.sign_in_refused": "Anmeldung abgelehnt",
  "activity.used_code_refused": "Code abgelehnt: Er war schon benutzt",
  "activity.used_code_note":
    "Wenn Sie diesen Code nur einmal benutzt haben, hat ihn vielleicht jemand vor Ihnen benutzt. Sagen Sie dann unten, dass Sie es nicht waren.",
  "activity.authenticator_added": "Weg zur Anmeldung hinzugefügt",
  "activity.authenticator_removed": "Weg zur Anmeldung entfernt",
  "activity.authenticator_renamed": "Weg zur Anmeldung umbenannt",
  "activity.recovery_code_used": "Wiederherstellungscode benutzt",
  "activity.recovery_codes_renewed": "Neue Wiederherstellungscodes erzeugt",
  "activity.reset_by_administrator": "Von der Administration zurückgesetzt",
  "activity.budget_lifted": "Code-Sperre von der Administration aufgehoben",
  "activity.clone_suspected": "Ein Schlüssel könnte kopiert worden sein",
  "activity.enrolment_started": "Einrichtung begonnen",
  "activity.password_suspected": "Richtiges Passwort, aber nicht am zweiten Schritt vorbei",
  "activity.suspicion_confirmed": "Sie sagten: Das war ich nicht",
  "activity.suspicion_dismissed": "Sie sagten: Das war ich",
  "activity.reason": "Grund: {reason}",

  "plain.link_expired.title": "Dieser Link gilt nicht mehr",
  "plain.link_expired.lead":
    "Er wurde schon benutzt oder ist zu alt. Gehen Sie dorthin zurück, wo Sie ihn bekommen haben, und fordern Sie einen neuen an.",
  "plain.session_expired.title": "Sie wurden abgemeldet",
  "plain.session_expired.lead":
    "Sie waren eine Weile weg. Gehen Sie dorthin zurück, wo Sie herkamen, und fangen Sie neu an.",
  "plain.not_found.title": "Hier ist nichts",
  "plain.not_found.lead": "Prüfen Sie die Adresse, oder gehen Sie dorthin zurück, wo Sie herkamen.",
  "plain.bad_request.title": "Das hat nicht geklappt",
  "plain.bad_request.lead":
    "Die Seite hat etwas gesendet, das wir nicht lesen konnten. Gehen Sie dorthin zurück, wo Sie herkamen, und versuchen Sie es erneut.",
  "plain.too_many.title": "Einen Moment, bitte",
  "plain.too_many.lead": "Aus Ihrem Netz kamen zu viele Anfragen. Warten Sie eine Minute und versuchen Sie es erneut.",
  "plain.unavailable.title": "Gleich geht es weiter",
  "plain.unavailable.lead":
    "Bei uns funktioniert etwas nicht. An Ihren Daten wurde nichts geändert. Versuchen Sie es in ein paar Minuten erneut.",

  "framed.title": "Öffnen Sie diese Seite für sich allein",
  "framed.lead": "Zu Ihrer Sicherheit läuft diese Seite nicht innerhalb einer anderen.",
  "framed.link": "{host} öffnen",
};
