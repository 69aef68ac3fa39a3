import type { Catalogue } from "./catalogue.ts";

/** Spanish, with the formal "usted". */
export const es: Catalogue = {
  "brand.name": "Countersign",

  "title.with_party": "{heading} · {party}",
  "party.for": "Para",

  "links.privacy": "Privacidad",
  "links.support": "Ayuda",

  "status.busy": "Un momento…",
  "status.leaving": "Volviendo a {host}…",
  "status.loading": "Abriendo {host}…",

  "failure.network": "No se pudo contactar con el servidor. Compruebe su conexión e inténtelo de nuevo.",
  "failure.unexpected": "Algo falló por nuestra parte. Vuelva a cargar la página e inténtelo de nuevo.",
  "failure.too_many": "Llegaron demasiadas solicitudes desde su red. Espere un minuto e inténtelo de nuevo.",

  "duration.seconds": { one: "{count} segundo", other: "{count} segundos" },
  "duration.minutes": { one: "{count} minuto", other: "{count} minutos" },
  "duration.hours": { one: "{count} hora", other: "{count} horas" },

  "method.webauthn": "Llave de acceso",
  "method.totp": "Aplicación de autenticación",
  "method.recovery_code": "Código de recuperación",
  "switch.heading": "Probar de otra forma",
  "switch.webauthn": "Usar una llave de acceso o una llave de seguridad",
  "switch.totp": "Usar un código de su aplicación de autenticación",
  "switch.recovery_code": "Usar un código de recuperación",

  "challenge.continue": "Continuar",
  "challenge.cancel": "Cancelar",
  "challenge.totp.title": "Escriba su código",
  "challenge.totp.lead": "Abra su aplicación de autenticación y escriba el código de {digits} cifras que muestra.",
  "challenge.totp.label": "Código de su aplicación de autenticación",
  "challenge.totp.by_itself": "Continúa por sí solo tras la última cifra.",
  "challenge.totp.rejected": "Ese código no funcionó. Espere al siguiente en su aplicación y escríbalo aquí.",
  "challenge.totp.rejected_again":
    "Ese código tampoco funcionó. Compruebe que la hora de su teléfono se ajusta automáticamente. Cada código sirve una sola vez, así que espere al siguiente. Si códigos que no ha usado siguen fallando, quizá los esté usando otra persona: avise al soporte del sitio del que viene.",
  "challenge.recovery.title": "Use un código de recuperación",
  "challenge.recovery.lead": "Escriba uno de los códigos de recuperación que guardó. Cada uno sirve una vez.",
  "challenge.recovery.label": "Código de recuperación",
  "challenge.recovery.hint": "Las mayúsculas, los espacios y los guiones no importan.",
  "challenge.recovery.rejected":
    "Ese código de recuperación no funcionó. Revise cada carácter o use uno que aún no haya usado. Si nunca lo ha usado, quizá lo haya hecho otra persona: avise al soporte del sitio del que viene.",
  "challenge.passkey.title": "Use su llave de acceso",
  "challenge.passkey.lead":
    "Su dispositivo pedirá su cara, su huella o el bloqueo de pantalla. Aquí también sirve una llave de seguridad.",
  "challenge.passkey.button": "Usar la llave de acceso",
  "challenge.passkey.waiting": "Siga los pasos que muestra su dispositivo.",
  "challenge.passkey.rejected": "Esa llave de acceso no funcionó aquí. Inténtelo de nuevo o de otra forma.",
  "challenge.throttled":
    "Demasiados códigos erróneos. Espere {duration} e inténtelo de nuevo. Quizá otra forma funcione ahora mismo.",
  "challenge.suspended":
    "Por su seguridad, los códigos están bloqueados por ahora. Use una llave de acceso o pida ayuda en el lugar del que viene.",
  "challenge.assurance_unmet":
    "Era correcto, pero aquí se necesita una prueba más fuerte. Use una llave de acceso o una llave de seguridad.",
  "challenge.never_tell": "Nadie del servicio de ayuda le pedirá nunca un código. No se lo diga nunca a nadie.",

  "prompt.lost.open": "¿Ya nada de esto funciona?",
  "prompt.lost.note":
    "Si perdió todas las formas de entrar, díganoslo. Avisamos a la aplicación de la que viene y a la administración. Comprobarán que es usted antes de cambiar nada.",
  "prompt.lost.button": "Pedir ayuda",

  "passkey.cancelled": "Cancelado o sin respuesta a tiempo. Inténtelo de nuevo o de otra forma.",
  "passkey.already_here":
    "Buenas noticias: este dispositivo ya tiene aquí una llave de acceso. Puede usarla para entrar.",
  "passkey.device_cannot":
    "Este dispositivo no puede hacer la comprobación o guardar llaves de acceso. Use su teléfono, una llave de seguridad o una aplicación de autenticación.",
  "passkey.not_supported":
    "Este dispositivo o esta llave son demasiado antiguos para las llaves de acceso de aquí. Hágalo de otra forma.",
  "passkey.setup_fault":
    "Lo sentimos: las llaves de acceso no están bien configuradas por nuestra parte. Hágalo de otra forma por ahora.",
  "passkey.our_fault": "Lo sentimos: fue un error nuestro. Hágalo de otra forma por ahora.",
  "passkey.no_browser":
    "Este navegador no puede usar llaves de acceso. Si abrió esta página dentro de una aplicación, ábrala en su navegador habitual o hágalo de otra forma.",
  "passkey.insecure": "Las llaves de acceso solo funcionan con una conexión segura (https). Hágalo de otra forma.",
  "passkey.needs_script":
    "Las llaves de acceso necesitan JavaScript, que está desactivado en este navegador. Hágalo de otra forma.",

  "prompt.expired.title": "Empecemos de nuevo",
  "prompt.expired.lead": "Esta página estuvo abierta un rato. No se perdió nada: siga desde aquí.",
  "prompt.expired.button": "Empezar de nuevo",
  "prompt.recovery_used.title": "Ya está dentro",
  "prompt.recovery_used.left": {
    one: "Le queda {count} código de recuperación.",
    other: "Le quedan {count} códigos de recuperación.",
  },
  "prompt.recovery_used.none": "Era su último código de recuperación.",
  "prompt.recovery_used.renew":
    "Cree pronto otros nuevos en su página de seguridad, para no quedarse fuera. Los antiguos dejarán entonces de funcionar.",
  "prompt.continue_to": "Continuar a {host}",
  "prompt.closed.attempts_exhausted.title": "Demasiados intentos",
  "prompt.closed.attempts_exhausted.lead":
    "Este acceso se cerró tras demasiadas respuestas erróneas. Vuelva atrás y entre de nuevo.",
  "prompt.closed.cancelled.title": "Cancelado",
  "prompt.closed.cancelled.lead": "Canceló este acceso. No se cambió nada.",
  "prompt.closed.satisfied.title": "Ya confirmado",
  "prompt.closed.satisfied.lead": "Este acceso ya está confirmado. Aquí no queda nada por hacer.",
  "prompt.closed.help_requested.title": "Lo hemos transmitido",
  "prompt.closed.help_requested.lead":
    "La aplicación de la que viene y la administración ya saben que necesita ayuda. Vuelva atrás y contacte con el servicio de ayuda: comprobarán que es usted, y entonces podrá configurar de nuevo su segundo paso.",
  "prompt.closed.close": "Puede cerrar esta página.",

  "enrol.choose.title_first": "Proteja su cuenta",
  "enrol.choose.lead_first": "Elija un segundo paso para entrar. Así, una contraseña robada no basta por sí sola.",
  "enrol.choose.title_more": "Añadir otra forma de entrar",
  "enrol.choose.lead_more": "Con dos formas mantiene el control cuando pierde una.",
  "enrol.choose.passkey.title": "Llave de acceso",
  "enrol.choose.passkey.text":
    "Confirme con su cara, su huella, el PIN de su dispositivo o una llave de seguridad. Nada que escribir, y los sitios falsos no pueden usarla.",
  "enrol.choose.passkey.button": "Configurar una llave de acceso",
  "enrol.choose.totp.title": "Aplicación de autenticación",
  "enrol.choose.totp.text":
    "Una aplicación en su teléfono u ordenador muestra una y otra vez un código nuevo. Al entrar, escribe el que muestra en ese momento.",
  "enrol.choose.totp.button": "Configurar una aplicación de autenticación",
  "enrol.choose.recommended": "Recomendado",
  "enrol.choose_again": "Elegir otra forma",

  "enrol.totp.title": "Conecte su aplicación de autenticación",
  "enrol.totp.lead": "Nada cambia hasta que escriba abajo el primer código.",
  "enrol.totp.step_app": "Añada esta cuenta a su aplicación",
  "enrol.totp.apps":
    "Sirve su gestor de contraseñas, la aplicación integrada en su teléfono o una aplicación de autenticación aparte.",
  "enrol.totp.scan": "Escanee esto con la aplicación:",
  "enrol.totp.qr": "Código QR con la clave de configuración de {account}",
  "enrol.totp.open": "Abrir en una aplicación de este dispositivo",
  "enrol.totp.key": "O escriba esta clave en la aplicación:",
  "enrol.totp.copy_key": "Copiar la clave",
  "enrol.totp.account": "Cuenta: {account}",
  "enrol.totp.step_code": "Escriba el código que muestra la aplicación",
  "enrol.totp.label": "Código de su aplicación de autenticación",
  "enrol.totp.button": "Terminar la configuración",
  "enrol.totp.wrong_code": "Ese código no es correcto. Espere al siguiente en su aplicación y escríbalo aquí.",
  "enrol.totp.wrong_code_again":
    "Ese código tampoco es correcto. Compruebe que la hora de su teléfono se ajusta automáticamente, o quite la cuenta de la aplicación y escanee de nuevo.",
  "enrol.totp.clock_behind": {
    one: "El código corresponde a un reloj atrasado {count} minuto. Ponga la hora de su teléfono en automático y escriba el siguiente código.",
    other:
      "El código corresponde a un reloj atrasado {count} minutos. Ponga la hora de su teléfono en automático y escriba el siguiente código.",
  },
  "enrol.totp.clock_ahead": {
    one: "El código corresponde a un reloj adelantado {count} minuto. Ponga la hora de su teléfono en automático y escriba el siguiente código.",
    other:
      "El código corresponde a un reloj adelantado {count} minutos. Ponga la hora de su teléfono en automático y escriba el siguiente código.",
  },
  "enrol.totp.cancel_note": "Si lo deja aquí, todo queda como estaba.",

  "enrol.passkey.title": "Configurar una llave de acceso",
  "enrol.passkey.lead":
    "Una llave de acceso confirma que es usted con lo que ya desbloquea su dispositivo: su cara, su huella o su PIN.",
  "enrol.passkey.point_safe": "Su cara o su huella nunca salen de su dispositivo.",
  "enrol.passkey.point_phishing": "Solo funciona en esta dirección, así que un sitio falso no obtiene nada.",
  "enrol.passkey.shared":
    "En un dispositivo compartido podría usarla cualquiera que pueda desbloquearlo. Elija ahí una llave de seguridad.",
  "enrol.passkey.this_device": "Crear en este dispositivo",
  "enrol.passkey.other_device": "Usar una llave de seguridad",
  "enrol.passkey.no_platform":
    "Este dispositivo no puede guardar por sí mismo una llave de acceso. Una llave de seguridad funciona.",
  "enrol.passkey.refused":
    "No se pudo añadir esa llave de acceso. No se cambió nada. Inténtelo de nuevo o elija otra forma.",

  "label.summary": "Darle un nombre (opcional)",
  "label.label": "Nombre",
  "label.hint": "Por ejemplo, «Mi teléfono». Solo lo ve usted.",

  "codes.title": "Guarde sus códigos de recuperación",
  "codes.lead": "Si pierde su dispositivo, uno de estos códigos le deja entrar. Se muestran solo esta vez.",
  "codes.list": "Sus códigos de recuperación",
  "codes.copy": "Copiar",
  "codes.download": "Descargar",
  "codes.print": "Imprimir",
  "codes.keep":
    "Guárdelos donde los encontraría sin su teléfono: en un gestor de contraseñas, o impresos con sus papeles.",
  "codes.never_tell": "Nadie del servicio de ayuda le pedirá nunca uno.",
  "codes.saved": "Los he guardado",
  "codes.file_heading": "Códigos de recuperación para {service}",
  "codes.file_created": "Creados el {date}",
  "codes.file_note": "Cada código sirve una vez. No se los diga a nadie: el servicio de ayuda nunca los pedirá.",

  "copy.done": "Copiado",
  "copy.failed": "No se pudo copiar. Seleccione el texto y cópielo usted.",

  "enrol.done.title": "Listo para usar",
  "enrol.done.lead": "Se añadió «{label}».",
  "enrol.done.codes": "Sus nuevos códigos de recuperación están en vigor. Los antiguos ya no funcionan.",
  "enrol.codes.title": "Crear nuevos códigos de recuperación",
  "enrol.codes.lead": "Recibe diez códigos nuevos. Los que tiene dejan de funcionar enseguida.",
  "enrol.codes.button": "Crear códigos nuevos",
  "enrol.done.passkey_nudge":
    "Una llave de acceso sería aún más segura y rápida: nada que escribir, y los sitios falsos no pueden usarla.",
  "enrol.done.passkey_button": "Añadir una llave de acceso",
  "enrol.done.second_nudge": "Añada ahora una segunda forma, y perder un dispositivo no le dejará fuera.",
  "enrol.done.second_button": "Añadir una segunda forma",
  "enrol.done.finish": "Terminar",
  "enrol.done.finish_to": "Volver a {host}",
  "enrol.expired.title": "Esta configuración ha terminado",
  "enrol.expired.lead": "Estuvo abierta demasiado tiempo, así que la cerramos. No se cambió nada.",
  "enrol.expired.button": "Empezar de nuevo",
  "enrol.expired.elsewhere": "Vuelva al lugar del que viene y empiece de nuevo.",

  "sync.synced": "Sincronizada: también funciona en sus otros dispositivos con el mismo gestor de contraseñas.",
  "sync.syncable": "Por ahora solo en este dispositivo. Su gestor de contraseñas puede sincronizarla.",
  "sync.device_bound": "Solo en este dispositivo o llave. Añada otra, por si la pierde.",
  "sync.short.synced": "Sincronizada",
  "sync.short.syncable": "Aún sin sincronizar",
  "sync.short.device_bound": "En un solo dispositivo",

  "account.title": "Su segundo paso",
  "account.why.sign_in": "Para ver cómo entra, demuestre primero que es usted.",
  "account.why.change": "Antes de cambiar algo, demuestre que es usted.",
  "account.authenticators": "Formas de entrar",
  "account.none": "Todavía no ha configurado nada.",
  "account.added": "Añadida",
  "account.last_used": "Último uso",
  "account.never_used": "Aún sin usar",
  "account.provider": "Guardada en",
  "account.clone": "Quizá alguien tenga una copia de esta llave. Quítela y configure una nueva.",
  "account.rename": "Cambiar el nombre",
  "account.rename_for": "Cambiar el nombre de {label}",
  "account.rename_label": "Nombre nuevo",
  "account.save": "Guardar",
  "account.remove": "Quitar",
  "account.remove_for": "Quitar {label}",
  "account.add_passkey": "Añadir una llave de acceso",
  "account.add_totp": "Añadir una aplicación de autenticación",
  "account.nudge": "Solo tiene una forma de entrar. Añada otra, por si la pierde.",
  "account.nudge_local": "Usó una llave de acceso de otro dispositivo. Con una en este, la próxima vez irá más rápido.",
  "account.not_now": "Ahora no",
  "account.remind_later": "Recordármelo más tarde",
  "account.codes": "Códigos de recuperación",
  "account.codes_left": { one: "Queda {count} código.", other: "Quedan {count} códigos." },
  "account.codes_none": "No tiene códigos de recuperación.",
  "account.codes_low": "Cree pronto otros nuevos, para no quedarse fuera.",
  "account.codes_renew": "Crear códigos nuevos",
  "account.codes_renew_note": "Los antiguos dejarán entonces de funcionar.",
  "account.activity": "Actividad reciente",
  "account.no_activity": "Todavía no ha pasado nada.",
  "account.not_me": "¿Algo de esto no lo hizo usted?",
  "account.not_me_note":
    "Díganoslo. Lo anotamos y avisamos a la administración. Después cambie su contraseña y quite lo que no conozca.",
  "account.not_me_button": "No fui yo",
  "account.sign_out": "Cerrar la sesión",
  "account.finish_to": "Volver a {host}",
  "account.done.renamed": "El nombre nuevo está guardado.",
  "account.done.removed": "Se quitó. Quizá quede una copia en su gestor de contraseñas; puede borrarla allí.",
  "account.done.recovery_codes_saved":
    "Sus nuevos códigos de recuperación están activos. Los antiguos ya no funcionan.",
  "account.done.added": "Se añadió.",
  "account.done.dismissed": "Gracias. Entonces todo está bien.",
  "account.done.reported":
    "Gracias. Lo hemos anotado y hemos avisado a la administración. Ahora cambie su contraseña y quite lo que no conozca.",

  "suspicion.title": "¿Fue usted?",
  "suspicion.answers_refused":
    "Alguien escribió su contraseña y después falló varias veces en el segundo paso. Si no fue usted, otra persona conoce su contraseña.",
  "suspicion.challenge_declined":
    "Alguien escribió su contraseña y después rechazó el segundo paso. Si no fue usted, otra persona conoce su contraseña.",
  "suspicion.me": "Fui yo",
  "suspicion.not_me": "No fui yo",
  "suspicion.not_me_note":
    "Si no fue usted, avisamos a quienes gestionan el servicio y cerramos sus demás sesiones. Después, cambie su contraseña.",

  "remove.title": "¿Quitar «{label}»?",
  "remove.lead": "Ya no podrá usarse para entrar.",
  "remove.still": "Seguirán funcionando:",
  "remove.codes_left": { one: "{count} código de recuperación", other: "{count} códigos de recuperación" },
  "remove.nothing": "No queda nada más. Entraría sin segundo paso.",
  "remove.last_strong":
    "Es su última llave de acceso o aplicación de autenticación. Si la quita, su cuenta queda menos protegida.",
  "remove.passkey_note": "La copia en su gestor de contraseñas puede quedar. Puede borrarla allí después.",
  "remove.button": "Quitar",
  "remove.keep": "Conservar",

  "signed_out.title": "Ha cerrado la sesión",
  "signed_out.lead": "Puede cerrar esta página.",

  "activity.signed_in": "Acceso",
  "activity.sign_in_refused": "Acceso rechazado",
  "activity.used_code_refused": "Código rechazado: ya se había usado",
  "activity.used_code_note":
    "Si usó ese código una sola vez, quizá otra persona lo usó antes. En ese caso, diga abajo que no fue usted.",
  "activity.authenticator_added": "Forma de entrar añadida",
  "activity.authenticator_removed": "Forma de entrar quitada",
  "activity.authenticator_renamed": "Forma de entrar con otro nombre",
  "activity.recovery_code_used": "Código de recuperación usado",
  "activity.recovery_codes_renewed": "Nuevos códigos de recuperación creados",
  "activity.reset_by_administrator": "Restablecido por la administración",
  "activity.budget_lifted": "Bloqueo de códigos levantado por la administración",
  "activity.clone_suspected": "Quizá se esté usando una copia de una llave",
  "activity.enrolment_started": "Configuración empezada",
  "activity.password_suspected": "Contraseña correcta, pero sin superar el segundo paso",
  "activity.suspicion_confirmed": "Dijo que no fue usted",
  "activity.suspicion_dismissed": "Dijo que fue usted",
  "activity.reason": "Motivo: {reason}",

  "plain.link_expired.title": "Este enlace ya no funciona",
  "plain.link_expired.lead": "Ya se usó o es demasiado antiguo. Vuelva al lugar donde lo obtuvo y pida uno nuevo.",
  "plain.session_expired.title": "Se ha cerrado su sesión",
  "plain.session_expired.lead": "Estuvo ausente un rato. Vuelva al lugar del que viene y empiece de nuevo.",
  "plain.not_found.title": "Aquí no hay nada",
  "plain.not_found.lead": "Revise la dirección o vuelva al lugar del que viene.",
  "plain.bad_request.title": "Eso no funcionó",
  "plain.bad_request.lead":
    "La página envió algo que no pudimos leer. Vuelva al lugar del que viene e inténtelo de nuevo.",
  "plain.too_many.title": "Un momento, por favor",
  "plain.too_many.lead": "Llegaron demasiadas solicitudes desde su red. Espere un minuto e inténtelo de nuevo.",
  "plain.unavailable.title": "Volvemos en un momento",
  "plain.unavailable.lead":
    "Algo no funciona por nuestra parte. No se cambió nada suyo. Inténtelo de nuevo dentro de unos minutos.",

  "framed.title": "Abra esta página por separado",
  "framed.lead": "Por su seguridad, esta página no funciona dentro de otra.",
  "framed.link": "Abrir {host}",
};
