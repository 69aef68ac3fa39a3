import { type Skeleton, toSkeleton } from "./simple-change.ts";

/** The word "password" in many languages: English lists see strength in them where there is none. */
const PASSWORD_WORDS = [
  ...["password", "passwort", "kennwort", "wachtwoord", "lösenord", "passord", "adgangskode", "salasana"],
  ...["lykilorð", "motdepasse", "contraseña", "contrasenya", "senha", "palavrapasse", "parola", "parolă"],
  ...["parole", "slaptažodis", "parool", "hasło", "heslo", "jelszó", "geslo", "lozinka", "şifre", "fjalëkalimi"],
  ...["пароль", "лозинка", "парола", "κωδικός", "סיסמה", "كلمةالسر", "كلمةالمرور", "رمزعبور", "पासवर्ड", "পাসওয়ার্ড"],
  ...["รหัสผ่าน", "matkhau", "mậtkhẩu", "katasandi", "密码", "密碼", "パスワード", "비밀번호"],
];

/** Well-known first choices that the common list lacks, in Russian and Chinese habits of typing. */
const FIRST_CHOICES = [
  "йцукен",
  "йцукенгшщзхъ",
  "фывапролдж",
  "ячсмитьбю",
  "привет",
  "любовь",
  "woaini",
  "我爱你",
  "你好",
];

/** Examples published so often that they are in everybody's word list. */
const PUBLISHED = [
  "correct horse battery staple",
  "Tr0ub4dor&3",
  "Tr0ub4dour&3",
  "battery staple",
  "hunter2",
  "letmein",
  "changeme",
];

/** Passwords that are public knowledge and that the estimator's dictionaries do not hold, or not in all their forms. */
export const NOTORIOUS_PASSWORDS: readonly Skeleton[] = [...PASSWORD_WORDS, ...FIRST_CHOICES, ...PUBLISHED].map(
  toSkeleton,
);
