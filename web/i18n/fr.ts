import type { Catalogue } from "./catalogue.ts";

/** French, with the formal "vous". */
export const fr: Catalogue = {
  "brand.name": "Countersign",

  "title.with_party": "{heading} · {party}",
  "party.for": "Pour",

  "links.privacy": "Confidentialité",
  "links.support": "Aide",

  "status.busy": "Un instant…",
  "status.leaving": "Retour vers {host}…",
  "status.loading": "Ouverture de {host}…",

  "failure.network": "Le serveur est injoignable. Vérifiez votre connexion et réessayez.",
  "failure.unexpected": "Une erreur s’est produite de notre côté. Rechargez la page et réessayez.",
  "failure.too_many": "Trop de demandes viennent de votre réseau. Attendez une minute, puis réessayez.",

  "duration.seconds": { one: "{count} seconde", other: "{count} secondes" },
  "duration.minutes": { one: "{count} minute", other: "{count} minutes" },
  "duration.hours": { one: "{count} heure", other: "{count} heures" },

  "method.webauthn": "Clé d’accès",
  "method.totp": "Application d’authentification",
  "method.recovery_code": "Code de secours",
  "switch.heading": "Essayer autrement",
  "switch.webauthn": "Utiliser une clé d’accès ou une clé de sécurité",
  "switch.totp": "Utiliser un code de votre application d’authentification",
  "switch.recovery_code": "Utiliser un code de secours",

  "challenge.continue": "Continuer",
  "challenge.cancel": "Annuler",
  "challenge.totp.title": "Saisissez votre code",
  "challenge.totp.lead":
    "Ouvrez votre application d’authentification et saisissez le code à {digits} chiffres qu’elle affiche.",
  "challenge.totp.label": "Code de votre application d’authentification",
  "challenge.totp.by_itself": "Continue automatiquement après le dernier chiffre.",
  "challenge.totp.rejected":
    "Ce code n’a pas fonctionné. Attendez le suivant dans votre application et saisissez-le ici.",
  "challenge.totp.rejected_again":
    "Ce code n’a pas fonctionné non plus. Vérifiez que l’heure de votre téléphone se règle automatiquement. Chaque code ne sert qu’une fois : attendez le suivant. Si des codes que vous n’avez pas utilisés échouent encore, quelqu’un d’autre s’en sert peut-être : prévenez l’assistance du site d’où vous venez.",
  "challenge.recovery.title": "Utilisez un code de secours",
  "challenge.recovery.lead": "Saisissez l’un des codes de secours que vous avez conservés. Chacun ne sert qu’une fois.",
  "challenge.recovery.label": "Code de secours",
  "challenge.recovery.hint": "Majuscules, espaces et traits d’union ne comptent pas.",
  "challenge.recovery.rejected":
    "Ce code de secours n’a pas fonctionné. Vérifiez chaque caractère, ou prenez-en un que vous n’avez pas encore utilisé. Si vous ne l’avez jamais utilisé, quelqu’un d’autre l’a peut-être fait : prévenez l’assistance du site d’où vous venez.",
  "challenge.passkey.title": "Utilisez votre clé d’accès",
  "challenge.passkey.lead":
    "Votre appareil demandera votre visage, votre empreinte ou le verrouillage de l’écran. Une clé de sécurité convient aussi.",
  "challenge.passkey.button": "Utiliser la clé d’accès",
  "challenge.passkey.waiting": "Suivez les étapes qu’affiche votre appareil.",
  "challenge.passkey.rejected": "Cette clé d’accès n’a pas fonctionné ici. Réessayez ou procédez autrement.",
  "challenge.throttled":
    "Trop de codes erronés. Attendez {duration}, puis réessayez. Une autre façon fonctionne peut-être dès maintenant.",
  "challenge.suspended":
    "Pour votre sécurité, les codes sont bloqués pour l’instant. Utilisez une clé d’accès, ou demandez de l’aide là d’où vous venez.",
  "challenge.assurance_unmet":
    "C’était juste, mais une preuve plus forte est nécessaire ici. Utilisez une clé d’accès ou une clé de sécurité.",
  "challenge.never_tell": "Personne de l’assistance ne vous demandera jamais un code. N’en dictez jamais à personne.",

  "prompt.lost.open": "Plus rien de tout cela ne fonctionne ?",
  "prompt.lost.note":
    "Si vous avez perdu tous vos moyens de connexion, dites-le-nous. Nous prévenons l’application d’où vous venez et les administrateurs. Ils vérifient que c’est bien vous avant de changer quoi que ce soit.",
  "prompt.lost.button": "Demander de l’aide",

  "passkey.cancelled": "Annulé ou délai dépassé. Réessayez ou procédez autrement.",
  "passkey.already_here":
    "Bonne nouvelle : cet appareil a déjà une clé d’accès ici. Vous pouvez l’utiliser pour vous connecter.",
  "passkey.device_cannot":
    "Cet appareil ne peut pas faire la vérification ou conserver une clé d’accès. Utilisez votre téléphone, une clé de sécurité ou une application d’authentification.",
  "passkey.not_supported":
    "Cet appareil ou cette clé sont trop anciens pour les clés d’accès d’ici. Procédez autrement.",
  "passkey.setup_fault":
    "Désolé, les clés d’accès ne sont pas correctement réglées de notre côté. Procédez autrement pour l’instant.",
  "passkey.our_fault": "Désolé, c’était une erreur de notre côté. Procédez autrement pour l’instant.",
  "passkey.no_browser":
    "Ce navigateur ne sait pas utiliser les clés d’accès. Si vous avez ouvert cette page dans une application, ouvrez-la dans votre navigateur habituel, ou procédez autrement.",
  "passkey.insecure": "Les clés d’accès ne fonctionnent que par une connexion sécurisée (https). Procédez autrement.",
  "passkey.needs_script":
    "Les clés d’accès ont besoin de JavaScript, désactivé dans ce navigateur. Procédez autrement.",

  "prompt.expired.title": "Recommençons",
  "prompt.expired.lead": "Cette page est restée ouverte un moment. Rien n’est perdu : reprenez d’ici.",
  "prompt.expired.button": "Recommencer",
  "prompt.recovery_used.title": "C’est bon",
  "prompt.recovery_used.left": {
    one: "Il vous reste {count} code de secours.",
    other: "Il vous reste {count} codes de secours.",
  },
  "prompt.recovery_used.none": "C’était votre dernier code de secours.",
  "prompt.recovery_used.renew":
    "Créez-en bientôt de nouveaux sur votre page de sécurité, pour ne pas rester à la porte. Les anciens cesseront alors de fonctionner.",
  "prompt.continue_to": "Continuer vers {host}",
  "prompt.closed.attempts_exhausted.title": "Trop d’essais",
  "prompt.closed.attempts_exhausted.lead":
    "Cette connexion a été fermée après trop de réponses fausses. Revenez en arrière et connectez-vous de nouveau.",
  "prompt.closed.cancelled.title": "Annulé",
  "prompt.closed.cancelled.lead": "Vous avez annulé cette connexion. Rien n’a changé.",
  "prompt.closed.satisfied.title": "Déjà confirmé",
  "prompt.closed.satisfied.lead": "Cette connexion est déjà confirmée. Il n’y a plus rien à faire ici.",
  "prompt.closed.help_requested.title": "Nous avons transmis",
  "prompt.closed.help_requested.lead":
    "L’application d’où vous venez et les administrateurs savent maintenant que vous avez besoin d’aide. Revenez en arrière et contactez l’assistance : elle vérifie que c’est bien vous, puis vous pourrez configurer à nouveau votre deuxième étape.",
  "prompt.closed.close": "Vous pouvez fermer cette page.",

  "enrol.choose.title_first": "Protégez votre compte",
  "enrol.choose.lead_first":
    "Choisissez une deuxième étape de connexion. Un mot de passe volé ne suffira alors plus à lui seul.",
  "enrol.choose.title_more": "Ajouter un autre moyen de connexion",
  "enrol.choose.lead_more": "Avec deux moyens, vous gardez la main quand l’un est perdu.",
  "enrol.choose.passkey.title": "Clé d’accès",
  "enrol.choose.passkey.text":
    "Confirmez par votre visage, votre empreinte, le code de votre appareil ou une clé de sécurité. Rien à saisir, et un faux site ne peut pas s’en servir.",
  "enrol.choose.passkey.button": "Configurer une clé d’accès",
  "enrol.choose.totp.title": "Application d’authentification",
  "enrol.choose.totp.text":
    "Une application sur votre téléphone ou votre ordinateur affiche sans cesse un nouveau code. Vous saisissez celui du moment en vous connectant.",
  "enrol.choose.totp.button": "Configurer une application d’authentification",
  "enrol.choose.recommended": "Recommandé",
  "enrol.choose_again": "Choisir un autre moyen",

  "enrol.totp.title": "Reliez votre application d’authentification",
  "enrol.totp.lead": "Rien ne change tant que vous n’avez pas saisi le premier code ci-dessous.",
  "enrol.totp.step_app": "Ajoutez ce compte à votre application",
  "enrol.totp.apps":
    "Votre gestionnaire de mots de passe convient, ou l’application intégrée à votre téléphone, ou une application d’authentification à part.",
  "enrol.totp.scan": "Scannez ceci avec l’application :",
  "enrol.totp.qr": "Code QR contenant la clé de configuration de {account}",
  "enrol.totp.open": "Ouvrir dans une application de cet appareil",
  "enrol.totp.key": "Ou saisissez cette clé dans l’application :",
  "enrol.totp.copy_key": "Copier la clé",
  "enrol.totp.account": "Compte : {account}",
  "enrol.totp.step_code": "Saisissez le code qu’affiche l’application",
  "enrol.totp.label": "Code de votre application d’authentification",
  "enrol.totp.button": "Terminer la configuration",
  "enrol.totp.wrong_code": "Ce code n’est pas juste. Attendez le suivant dans votre application et saisissez-le ici.",
  "enrol.totp.wrong_code_again":
    "Ce code n’est pas juste non plus. Vérifiez que l’heure de votre téléphone se règle automatiquement, ou retirez le compte de l’application et scannez de nouveau.",
  "enrol.totp.clock_behind": {
    one: "Le code correspond à une horloge en retard de {count} minute. Réglez l’heure de votre téléphone sur automatique, puis saisissez le code suivant.",
    other:
      "Le code correspond à une horloge en retard de {count} minutes. Réglez l’heure de votre téléphone sur automatique, puis saisissez le code suivant.",
  },
  "enrol.totp.clock_ahead": {
    one: "Le code correspond à une horloge en avance de {count} minute. Réglez l’heure de votre téléphone sur automatique, puis saisissez le code suivant.",
    other:
      "Le code correspond à une horloge en avance de {count} minutes. Réglez l’heure de votre téléphone sur automatique, puis saisissez le code suivant.",
  },
  "enrol.totp.cancel_note": "Si vous vous arrêtez ici, tout reste comme avant.",

  "enrol.passkey.title": "Configurer une clé d’accès",
  "enrol.passkey.lead":
    "Une clé d’accès confirme que c’est bien vous par ce qui déverrouille déjà votre appareil : votre visage, votre empreinte ou votre code.",
  "enrol.passkey.point_safe": "Votre visage ou votre empreinte ne quittent jamais votre appareil.",
  "enrol.passkey.point_phishing": "Elle ne fonctionne qu’à cette adresse : un faux site n’obtient rien.",
  "enrol.passkey.shared":
    "Sur un appareil partagé, tous ceux qui peuvent le déverrouiller pourraient s’en servir. Préférez-y une clé de sécurité.",
  "enrol.passkey.this_device": "Créer sur cet appareil",
  "enrol.passkey.other_device": "Utiliser une clé de sécurité",
  "enrol.passkey.no_platform":
    "Cet appareil ne peut pas conserver lui-même une clé d’accès. Une clé de sécurité fonctionne.",
  "enrol.passkey.refused":
    "Cette clé d’accès n’a pas pu être ajoutée. Rien n’a changé. Réessayez ou choisissez un autre moyen.",

  "label.summary": "Lui donner un nom (facultatif)",
  "label.label": "Nom",
  "label.hint": "Par exemple « Mon téléphone ». Vous seul le voyez.",

  "codes.title": "Conservez vos codes de secours",
  "codes.lead":
    "Si vous perdez votre appareil, l’un de ces codes vous laisse entrer. Ils ne sont affichés que cette fois.",
  "codes.list": "Vos codes de secours",
  "codes.copy": "Copier",
  "codes.download": "Télécharger",
  "codes.print": "Imprimer",
  "codes.keep":
    "Gardez-les là où vous les retrouveriez sans votre téléphone : dans un gestionnaire de mots de passe, ou imprimés avec vos papiers.",
  "codes.never_tell": "Personne de l’assistance ne vous en demandera jamais un.",
  "codes.saved": "Je les ai conservés",
  "codes.file_heading": "Codes de secours pour {service}",
  "codes.file_created": "Créés le {date}",
  "codes.file_note": "Chaque code ne sert qu’une fois. Ne les donnez à personne : l’assistance n’en demandera jamais.",

  "copy.done": "Copié",
  "copy.failed": "La copie a échoué. Sélectionnez le texte et copiez-le vous-même.",

  "enrol.done.title": "Prêt à l’emploi",
  "enrol.done.lead": "« {label} » a été ajouté.",
  "enrol.done.codes": "Vos nouveaux codes de secours sont en vigueur. Les anciens ne fonctionnent plus.",
  "enrol.codes.title": "Créer de nouveaux codes de secours",
  "enrol.codes.lead": "Vous recevez dix nouveaux codes. Ceux que vous avez cessent aussitôt de fonctionner.",
  "enrol.codes.button": "Créer de nouveaux codes",
  "enrol.done.passkey_nudge":
    "Une clé d’accès serait encore plus sûre et plus rapide : rien à saisir, et un faux site ne peut pas s’en servir.",
  "enrol.done.passkey_button": "Ajouter une clé d’accès",
  "enrol.done.second_nudge":
    "Ajoutez dès maintenant un deuxième moyen : perdre un appareil ne vous laissera pas à la porte.",
  "enrol.done.second_button": "Ajouter un deuxième moyen",
  "enrol.done.finish": "Terminer",
  "enrol.done.finish_to": "Retourner à {host}",
  "enrol.expired.title": "Cette configuration est terminée",
  "enrol.expired.lead": "Elle est restée ouverte trop longtemps, nous l’avons donc fermée. Rien n’a changé.",
  "enrol.expired.button": "Recommencer",
  "enrol.expired.elsewhere": "Retournez là d’où vous venez et recommencez.",

  "sync.synced":
    "Synchronisée : elle fonctionne aussi sur vos autres appareils ayant le même gestionnaire de mots de passe.",
  "sync.syncable":
    "Sur cet appareil seulement pour l’instant. Votre gestionnaire de mots de passe peut la synchroniser.",
  "sync.device_bound": "Sur ce seul appareil ou cette seule clé. Ajoutez-en une deuxième, en cas de perte.",
  "sync.short.synced": "Synchronisée",
  "sync.short.syncable": "Pas encore synchronisée",
  "sync.short.device_bound": "Sur un seul appareil",

  "account.title": "Votre deuxième étape",
  "account.why.sign_in": "Pour voir comment vous vous connectez, montrez d’abord que c’est bien vous.",
  "account.why.change": "Avant de changer quelque chose, montrez que c’est bien vous.",
  "account.authenticators": "Moyens de connexion",
  "account.none": "Vous n’avez encore rien configuré.",
  "account.added": "Ajouté",
  "account.last_used": "Dernière utilisation",
  "account.never_used": "Pas encore utilisé",
  "account.provider": "Conservée dans",
  "account.clone": "Quelqu’un détient peut-être une copie de cette clé. Retirez-la et configurez-en une nouvelle.",
  "account.rename": "Renommer",
  "account.rename_for": "Renommer {label}",
  "account.rename_label": "Nouveau nom",
  "account.save": "Enregistrer",
  "account.remove": "Retirer",
  "account.remove_for": "Retirer {label}",
  "account.add_passkey": "Ajouter une clé d’accès",
  "account.add_totp": "Ajouter une application d’authentification",
  "account.nudge": "Vous n’avez qu’un seul moyen de connexion. Ajoutez-en un deuxième, en cas de perte.",
  "account.nudge_local":
    "Vous avez utilisé la clé d’accès d’un autre appareil. Avec une clé sur celui-ci, ce sera plus rapide la prochaine fois.",
  "account.not_now": "Pas maintenant",
  "account.remind_later": "Me le rappeler plus tard",
  "account.codes": "Codes de secours",
  "account.codes_left": { one: "Il reste {count} code.", other: "Il reste {count} codes." },
  "account.codes_none": "Vous n’avez pas de codes de secours.",
  "account.codes_low": "Créez-en bientôt de nouveaux, pour ne pas rester à la porte.",
  "account.codes_renew": "Créer de nouveaux codes",
  "account.codes_renew_note": "Les anciens cesseront alors de fonctionner.",
  "account.activity": "Activité récente",
  "account.no_activity": "Il ne s’est encore rien passé.",
  "account.not_me": "L’un de ces événements ne vient pas de vous ?",
  "account.not_me_note":
    "Dites-le-nous. Nous le notons et prévenons les administrateurs. Changez ensuite votre mot de passe et retirez ce que vous ne connaissez pas.",
  "account.not_me_button": "Ce n’était pas moi",
  "account.sign_out": "Se déconnecter",
  "account.finish_to": "Retourner à {host}",
  "account.done.renamed": "Le nouveau nom est enregistré.",
  "account.done.removed":
    "C’est retiré. Une copie se trouve peut-être encore dans votre gestionnaire de mots de passe ; vous pouvez l’y supprimer.",
  "account.done.recovery_codes_saved": "Vos nouveaux codes de secours sont actifs. Les anciens ne fonctionnent plus.",
  "account.done.added": "C’est ajouté.",
  "account.done.dismissed": "Merci. Alors tout va bien.",
  "account.done.reported":
    "Merci. Nous l’avons noté et avons prévenu les administrateurs. Changez maintenant votre mot de passe et retirez ce que vous ne connaissez pas.",

  "suspicion.title": "Était-ce vous ?",
  "suspicion.answers_refused":
    "Quelqu’un a saisi votre mot de passe, puis a échoué plusieurs fois à la deuxième étape. Si ce n’était pas vous, une autre personne connaît votre mot de passe.",
  "suspicion.challenge_declined":
    "Quelqu’un a saisi votre mot de passe, puis a refusé la deuxième étape. Si ce n’était pas vous, une autre personne connaît votre mot de passe.",
  "suspicion.me": "C’était moi",
  "suspicion.not_me": "Ce n’était pas moi",
  "suspicion.not_me_note":
    "Si ce n’était pas vous, nous prévenons les responsables du service et vous déconnectons partout ailleurs. Changez ensuite votre mot de passe.",

  "remove.title": "Retirer « {label} » ?",
  "remove.lead": "Il ne pourra plus servir à se connecter.",
  "remove.still": "Fonctionneront encore :",
  "remove.codes_left": { one: "{count} code de secours", other: "{count} codes de secours" },
  "remove.nothing": "Il ne reste rien d’autre. Vous vous connecteriez sans deuxième étape.",
  "remove.last_strong":
    "C’est votre dernière clé d’accès ou application d’authentification. Si vous la retirez, votre compte sera moins bien protégé.",
  "remove.passkey_note":
    "La copie dans votre gestionnaire de mots de passe peut rester. Vous pourrez l’y supprimer ensuite.",
  "remove.button": "Retirer",
  "remove.keep": "Garder",

  "signed_out.title": "Vous êtes déconnecté",
  "signed_out.lead": "Vous pouvez fermer cette page.",

  "activity.signed_in": "Connexion",
  "activity.sign_in_refused": "Connexion refusée",
  "activity.used_code_refused": "Code refusé : il avait déjà servi",
  "activity.used_code_note":
    "Si vous n’avez utilisé ce code qu’une fois, quelqu’un d’autre s’en est peut-être servi avant vous. Dites alors ci-dessous que ce n’était pas vous.",
  "activity.authenticator_added": "Moyen de connexion ajouté",
  "activity.authenticator_removed": "Moyen de connexion retiré",
  "activity.authenticator_renamed": "Moyen de connexion renommé",
  "activity.recovery_code_used": "Code de secours utilisé",
  "activity.recovery_codes_renewed": "Nouveaux codes de secours créés",
  "activity.reset_by_administrator": "Réinitialisation par un administrateur",
  "activity.budget_lifted": "Blocage des codes levé par un administrateur",
  "activity.clone_suspected": "Une copie d’une clé est peut-être utilisée",
  "activity.enrolment_started": "Configuration commencée",
  "activity.password_suspected": "Bon mot de passe, mais deuxième étape non franchie",
  "activity.suspicion_confirmed": "Vous avez dit que ce n’était pas vous",
  "activity.suspicion_dismissed": "Vous avez dit que c’était vous",
  "activity.reason": "Motif : {reason}",

  "plain.link_expired.title": "Ce lien ne fonctionne plus",
  "plain.link_expired.lead":
    "Il a déjà servi, ou il est trop ancien. Retournez là où vous l’avez obtenu et demandez-en un nouveau.",
  "plain.session_expired.title": "Vous avez été déconnecté",
  "plain.session_expired.lead": "Vous étiez absent un moment. Retournez là d’où vous venez et recommencez.",
  "plain.not_found.title": "Il n’y a rien ici",
  "plain.not_found.lead": "Vérifiez l’adresse, ou retournez là d’où vous venez.",
  "plain.bad_request.title": "Cela n’a pas fonctionné",
  "plain.bad_request.lead":
    "La page a envoyé quelque chose que nous n’avons pas pu lire. Retournez là d’où vous venez et réessayez.",
  "plain.too_many.title": "Un instant, s’il vous plaît",
  "plain.too_many.lead": "Trop de demandes viennent de votre réseau. Attendez une minute, puis réessayez.",
  "plain.unavailable.title": "Nous revenons dans un instant",
  "plain.unavailable.lead":
    "Quelque chose ne fonctionne pas de notre côté. Rien de ce qui est à vous n’a changé. Réessayez dans quelques minutes.",

  "framed.title": "Ouvrez cette page seule",
  "framed.lead": "Pour votre sécurité, cette page ne fonctionne pas à l’intérieur d’une autre.",
  "framed.link": "Ouvrir {host}",
};
