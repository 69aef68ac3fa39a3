/**
 * English: the catalogue that the others follow key by key. `{name}` is a placeholder; a message that depends on a
 * number is a pair of forms chosen by `count`.
 */
export const en = {
  "brand.name": "Countersign",

  "title.with_party": "{heading} · {party}",
  "party.for": "For",

  "links.privacy": "Privacy",
  "links.support": "Help",

  "status.busy": "One moment…",
  "status.leaving": "Taking you back to {host}…",
  "status.loading": "Opening {host}…",

  "failure.network": "We could not reach the server. Check your connection and try again.",
  "failure.unexpected": "Something went wrong on our side. Reload the page and try again.",
  "failure.too_many": "Too many requests came from your network. Wait a minute, then try again.",

  "duration.seconds": { one: "{count} second", other: "{count} seconds" },
  "duration.minutes": { one: "{count} minute", other: "{count} minutes" },
  "duration.hours": { one: "{count} hour", other: "{count} hours" },

  "method.webauthn": "Passkey",
  "method.totp": "Authenticator app",
  "method.recovery_code": "Recovery code",
  "switch.heading": "Try another way",
  "switch.webauthn": "Use a passkey or security key",
  "switch.totp": "Use a code from your authenticator app",
  "switch.recovery_code": "Use a recovery code",

  "challenge.continue": "Continue",
  "challenge.cancel": "Cancel",
  "challenge.totp.title": "Enter your code",
  "challenge.totp.lead": "Open your authenticator app and type the {digits}-digit code it shows.",
  "challenge.totp.label": "Code from your authenticator app",
  "challenge.totp.by_itself": "Goes on by itself after the last digit.",
  "challenge.totp.rejected": "That code did not work. Wait for the next one in your app and type it here.",
  "challenge.totp.rejected_again":
    "That code did not work either. Check that the clock on your phone is set automatically. Each code works only once, so wait for the next one. If codes that you have not used keep failing, somebody else may be using them: tell the support of the place you came from.",
  "challenge.recovery.title": "Use a recovery code",
  "challenge.recovery.lead": "Type one of the recovery codes you saved. Each of them works once.",
  "challenge.recovery.label": "Recovery code",
  "challenge.recovery.hint": "Capital letters, spaces and hyphens do not matter.",
  "challenge.recovery.rejected":
    "That recovery code did not work. Check each character, or use one that you have not used yet. If you have never used it, somebody else may have: tell the support of the place you came from.",
  "challenge.passkey.title": "Use your passkey",
  "challenge.passkey.lead":
    "Your device will ask for your face, your fingerprint or your screen lock. A security key works here too.",
  "challenge.passkey.button": "Use passkey",
  "challenge.passkey.waiting": "Follow the steps that your device shows.",
  "challenge.passkey.rejected": "That passkey did not work here. Try again or use another way.",
  "challenge.throttled": "Too many wrong codes. Wait {duration}, then try again. Another way may work right now.",
  "challenge.suspended":
    "For your safety, codes are blocked for now. Use a passkey, or ask the support of the place you came from.",
  "challenge.assurance_unmet": "That was right, but a stronger proof is needed here. Use a passkey or security key.",
  "challenge.never_tell": "Nobody from support will ever ask you for a code. Never read one out to anybody.",

  "prompt.lost.open": "None of these works any more?",
  "prompt.lost.note":
    "If you have lost every way to sign in, tell us. We inform the place you came from and the administrators. They check that it is you before anything changes.",
  "prompt.lost.button": "Ask for help",

  "passkey.cancelled": "Cancelled or timed out. Try again or use another way.",
  "passkey.already_here": "Good news: this device already has a passkey here. You can use it to sign in.",
  "passkey.device_cannot":
    "This device cannot do the check or cannot keep passkeys. Use your phone, a security key or an authenticator app.",
  "passkey.not_supported": "This device or key is too old for passkeys here. Use another way.",
  "passkey.setup_fault": "Sorry, passkeys are not set up correctly on our side. Use another way for now.",
  "passkey.our_fault": "Sorry, that was a mistake on our side. Use another way for now.",
  "passkey.no_browser":
    "This browser cannot use passkeys. If you opened this page inside an app, open it in your usual browser, or use another way.",
  "passkey.insecure": "Passkeys work only over a secure connection (https). Use another way.",
  "passkey.needs_script": "Passkeys need JavaScript, which is switched off in this browser. Use another way.",

  "prompt.expired.title": "Let us start again",
  "prompt.expired.lead": "This page was open for a while. Nothing is lost: go on from here.",
  "prompt.expired.button": "Start again",
  "prompt.recovery_used.title": "You are in",
  "prompt.recovery_used.left": {
    one: "You have {count} recovery code left.",
    other: "You have {count} recovery codes left.",
  },
  "prompt.recovery_used.none": "That was your last recovery code.",
  "prompt.recovery_used.renew":
    "Make new ones soon on your security page, so that you are not locked out. The old ones then stop working.",
  "prompt.continue_to": "Continue to {host}",
  "prompt.closed.attempts_exhausted.title": "Too many tries",
  "prompt.closed.attempts_exhausted.lead":
    "This sign-in was closed after too many wrong answers. Go back and sign in again.",
  "prompt.closed.cancelled.title": "Cancelled",
  "prompt.closed.cancelled.lead": "You cancelled this sign-in. Nothing was changed.",
  "prompt.closed.satisfied.title": "Already confirmed",
  "prompt.closed.satisfied.lead": "This sign-in is already confirmed. There is nothing left to do here.",
  "prompt.closed.help_requested.title": "We have passed it on",
  "prompt.closed.help_requested.lead":
    "The place you came from and the administrators now know that you need help. Go back and contact their support: they check that it is you, and then you can set up your second step anew.",
  "prompt.closed.close": "You can close this page.",

  "enrol.choose.title_first": "Protect your account",
  "enrol.choose.lead_first": "Choose a second step for signing in. Then a stolen password alone is not enough.",
  "enrol.choose.title_more": "Add another way to sign in",
  "enrol.choose.lead_more": "With two ways you stay in control when one is lost.",
  "enrol.choose.passkey.title": "Passkey",
  "enrol.choose.passkey.text":
    "Confirm with your face, your fingerprint, your device PIN or a security key. Nothing to type, and false websites cannot use it.",
  "enrol.choose.passkey.button": "Set up a passkey",
  "enrol.choose.totp.title": "Authenticator app",
  "enrol.choose.totp.text":
    "An app on your phone or computer shows a new code again and again. You type the current one when you sign in.",
  "enrol.choose.totp.button": "Set up an authenticator app",
  "enrol.choose.recommended": "Recommended",
  "enrol.choose_again": "Choose another way",

  "enrol.totp.title": "Connect your authenticator app",
  "enrol.totp.lead": "Nothing changes until you have typed the first code below.",
  "enrol.totp.step_app": "Add this account to your app",
  "enrol.totp.apps":
    "Your password manager will do, or the app built into your phone, or a separate authenticator app.",
  "enrol.totp.scan": "Scan this with the app:",
  "enrol.totp.qr": "QR code with the set-up key for {account}",
  "enrol.totp.open": "Open in an app on this device",
  "enrol.totp.key": "Or type this key into the app:",
  "enrol.totp.copy_key": "Copy key",
  "enrol.totp.account": "Account: {account}",
  "enrol.totp.step_code": "Type the code that the app shows",
  "enrol.totp.label": "Code from your authenticator app",
  "enrol.totp.button": "Finish set-up",
  "enrol.totp.wrong_code": "That code is not right. Wait for the next one in your app and type it here.",
  "enrol.totp.wrong_code_again":
    "That code is not right either. Check that the clock on your phone is set automatically, or remove the account from the app and scan again.",
  "enrol.totp.clock_behind": {
    one: "The code fits a clock that is {count} minute behind. Set the clock on your phone to automatic, then type the next code.",
    other:
      "The code fits a clock that is {count} minutes behind. Set the clock on your phone to automatic, then type the next code.",
  },
  "enrol.totp.clock_ahead": {
    one: "The code fits a clock that is {count} minute ahead. Set the clock on your phone to automatic, then type the next code.",
    other:
      "The code fits a clock that is {count} minutes ahead. Set the clock on your phone to automatic, then type the next code.",
  },
  "enrol.totp.cancel_note": "If you stop here, everything stays as it was.",

  "enrol.passkey.title": "Set up a passkey",
  "enrol.passkey.lead":
    "A passkey confirms that it is you with what already unlocks your device: your face, your fingerprint or your PIN.",
  "enrol.passkey.point_safe": "Your face or fingerprint never leaves your device.",
  "enrol.passkey.point_phishing": "It works only on this address, so a false website gets nothing.",
  "enrol.passkey.shared":
    "On a device that you share, everybody who can unlock the device could use it. Choose a security key there.",
  "enrol.passkey.this_device": "Create on this device",
  "enrol.passkey.other_device": "Use a security key",
  "enrol.passkey.no_platform": "This device cannot keep a passkey itself. A security key works.",
  "enrol.passkey.refused": "That passkey could not be added. Nothing was changed. Try again or choose another way.",

  "label.summary": "Give it a name (optional)",
  "label.label": "Name",
  "label.hint": "For example “My phone”. Only you see it.",

  "codes.title": "Save your recovery codes",
  "codes.lead": "Should you lose your device, one of these codes lets you in. They are shown only this once.",
  "codes.list": "Your recovery codes",
  "codes.copy": "Copy",
  "codes.download": "Download",
  "codes.print": "Print",
  "codes.keep":
    "Keep them where you would still find them without your phone: in a password manager, or printed with your papers.",
  "codes.never_tell": "Nobody from support will ever ask you for one.",
  "codes.saved": "I have saved them",
  "codes.file_heading": "Recovery codes for {service}",
  "codes.file_created": "Made on {date}",
  "codes.file_note": "Each code works once. Tell them to nobody: support will never ask for one.",

  "copy.done": "Copied",
  "copy.failed": "Could not copy. Select the text and copy it yourself.",

  "enrol.done.title": "Ready to use",
  "enrol.done.lead": "“{label}” was added.",
  "enrol.done.codes": "Your new recovery codes are in force. The old ones no longer work.",
  "enrol.codes.title": "Make new recovery codes",
  "enrol.codes.lead": "You get ten new codes. The ones you have now stop working at once.",
  "enrol.codes.button": "Make new codes",
  "enrol.done.passkey_nudge":
    "A passkey would be even safer and quicker: nothing to type, and false websites cannot use it.",
  "enrol.done.passkey_button": "Add a passkey",
  "enrol.done.second_nudge": "Add a second way now, and losing one device does not lock you out.",
  "enrol.done.second_button": "Add a second way",
  "enrol.done.finish": "Finish",
  "enrol.done.finish_to": "Go back to {host}",
  "enrol.expired.title": "This set-up has ended",
  "enrol.expired.lead": "It was open for too long, so we closed it. Nothing was changed.",
  "enrol.expired.button": "Start again",
  "enrol.expired.elsewhere": "Go back to where you came from and start again.",

  "sync.synced": "Synced: it also works on your other devices with the same password manager.",
  "sync.syncable": "Only on this device so far. Your password manager can sync it.",
  "sync.device_bound": "Only on this one device or key. Add a second one, in case you lose it.",
  "sync.short.synced": "Synced",
  "sync.short.syncable": "Not synced yet",
  "sync.short.device_bound": "On one device only",

  "account.title": "Your second step",
  "account.why.sign_in": "To see how you sign in, first show that it is you.",
  "account.why.change": "Before you change something, show that it is you.",
  "account.authenticators": "Ways to sign in",
  "account.none": "You have not set up anything yet.",
  "account.added": "Added",
  "account.last_used": "Last used",
  "account.never_used": "Not used yet",
  "account.provider": "Kept in",
  "account.clone": "Somebody may hold a copy of this key. Remove it and set up a new one.",
  "account.rename": "Rename",
  "account.rename_for": "Rename {label}",
  "account.rename_label": "New name",
  "account.save": "Save",
  "account.remove": "Remove",
  "account.remove_for": "Remove {label}",
  "account.add_passkey": "Add a passkey",
  "account.add_totp": "Add an authenticator app",
  "account.nudge": "You have only one way to sign in. Add a second one, in case you lose it.",
  "account.nudge_local": "You used a passkey from another device. With one on this device it goes faster next time.",
  "account.not_now": "Not now",
  "account.remind_later": "Remind me later",
  "account.codes": "Recovery codes",
  "account.codes_left": { one: "{count} code left.", other: "{count} codes left." },
  "account.codes_none": "You have no recovery codes.",
  "account.codes_low": "Make new ones soon, so that you are not locked out.",
  "account.codes_renew": "Make new codes",
  "account.codes_renew_note": "The old ones then stop working.",
  "account.activity": "Recent activity",
  "account.no_activity": "Nothing has happened yet.",
  "account.not_me": "Was one of these not you?",
  "account.not_me_note":
    "Tell us. We note it and inform the administrators. Then change your password and remove what you do not know.",
  "account.not_me_button": "This was not me",
  "account.sign_out": "Sign out",
  "account.finish_to": "Go back to {host}",
  "account.done.renamed": "The new name is saved.",
  "account.done.removed": "It was removed. A copy may still be in your password manager; you can delete it there.",
  "account.done.recovery_codes_saved": "Your new recovery codes are active. The old ones no longer work.",
  "account.done.added": "It was added.",
  "account.done.dismissed": "Thank you. Then all is well.",
  "account.done.reported":
    "Thank you. We have noted it and informed the administrators. Now change your password and remove what you do not know.",

  "suspicion.title": "Was this you?",
  "suspicion.answers_refused":
    "Somebody typed your password and then failed at the second step several times. If that was not you, somebody else knows your password.",
  "suspicion.challenge_declined":
    "Somebody typed your password and then declined the second step. If that was not you, somebody else knows your password.",
  "suspicion.me": "This was me",
  "suspicion.not_me": "This was not me",
  "suspicion.not_me_note":
    "If it was not you, we tell the people who run the service and sign you out everywhere else. Then change your password.",

  "remove.title": "Remove “{label}”?",
  "remove.lead": "It can then no longer be used to sign in.",
  "remove.still": "These will still work:",
  "remove.codes_left": { one: "{count} recovery code", other: "{count} recovery codes" },
  "remove.nothing": "Nothing else is left. You would sign in without a second step.",
  "remove.last_strong":
    "This is your last passkey or authenticator app. If you remove it, your account is protected less well.",
  "remove.passkey_note": "The copy in your password manager may stay. You can delete it there afterwards.",
  "remove.button": "Remove",
  "remove.keep": "Keep it",

  "signed_out.title": "You are signed out",
  "signed_out.lead": "You can close this page.",

  "activity.signed_in": "Signed in",
  "activity.sign_in_refused": "Sign-in refused",
  "activity.used_code_refused": "Code refused: it had been used before",
  "activity.used_code_note":
    "If you used that code only once, somebody else may have used it before you. Say below that it was not you.",
  "activity.authenticator_added": "Way to sign in added",
  "activity.authenticator_removed": "Way to sign in removed",
  "activity.authenticator_renamed": "Way to sign in renamed",
  "activity.recovery_code_used": "Recovery code used",
  "activity.recovery_codes_renewed": "New recovery codes made",
  "activity.reset_by_administrator": "Reset by an administrator",
  "activity.budget_lifted": "Block on codes lifted by an administrator",
  "activity.clone_suspected": "A copy of a key may be in use",
  "activity.enrolment_started": "Set-up started",
  "activity.password_suspected": "Right password, but not past the second step",
  "activity.suspicion_confirmed": "You said that this was not you",
  "activity.suspicion_dismissed": "You said that this was you",
  "activity.reason": "Reason: {reason}",

  "plain.link_expired.title": "This link no longer works",
  "plain.link_expired.lead":
    "It was used already, or it is too old. Go back to where you got it and ask for a new one.",
  "plain.session_expired.title": "You have been signed out",
  "plain.session_expired.lead": "You were away for a while. Go back to where you came from and start again.",
  "plain.not_found.title": "There is nothing here",
  "plain.not_found.lead": "Check the address, or go back to where you came from.",
  "plain.bad_request.title": "That did not work",
  "plain.bad_request.lead": "The page sent something we could not read. Go back to where you came from and try again.",
  "plain.too_many.title": "One moment, please",
  "plain.too_many.lead": "Too many requests came from your network. Wait a minute, then try again.",
  "plain.unavailable.title": "We will be back in a moment",
  "plain.unavailable.lead":
    "Something on our side is not working. Nothing of yours was changed. Try again in a few minutes.",

  "framed.title": "Open this page on its own",
  "framed.lead": "For your safety this page does not run inside another page.",
  "framed.link": "Open {host}",
} as const;
