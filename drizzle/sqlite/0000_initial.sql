CREATE TABLE `administrators` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_lookup` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`last_sign_in_at_ms` integer,
	`removed_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `administrators_subject` ON `administrators` (`subject_lookup`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`rp_id` text NOT NULL,
	`realm_id` text NOT NULL,
	`hash` text NOT NULL,
	`prefix` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	`last_used_at_ms` integer,
	`revoked_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_rp` ON `api_keys` (`rp_id`);--> statement-breakpoint
CREATE TABLE `audit_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`realm_id` text NOT NULL,
	`rp_id` text,
	`subject_lookup` text,
	`authenticator_id` text,
	`method` text,
	`lane` text,
	`reason` text,
	`actor` text,
	`request_id` text NOT NULL,
	`notable` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_subject` ON `audit_events` (`subject_lookup`);--> statement-breakpoint
CREATE INDEX `audit_events_notable` ON `audit_events` (`realm_id`,`id`) WHERE notable = 1;--> statement-breakpoint
CREATE TABLE `authenticators` (
	`id` text PRIMARY KEY NOT NULL,
	`realm_id` text NOT NULL,
	`subject_lookup` text NOT NULL,
	`method` text NOT NULL,
	`status` text NOT NULL,
	`label` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	`attempts_left` integer NOT NULL,
	`activated_at_ms` integer,
	`revoked_at_ms` integer,
	`last_used_at_ms` integer,
	`secret` text,
	`algorithm` text,
	`digits` integer,
	`period_seconds` integer,
	`last_step` integer NOT NULL,
	`webauthn_challenge` text,
	`credential_id` text,
	`public_key` text,
	`sign_count` integer NOT NULL,
	`backup_eligible` integer NOT NULL,
	`backup_state` integer NOT NULL,
	`hardware_attested` integer NOT NULL,
	`transports` text,
	`aaguid` text,
	`clone_suspected_at_ms` integer,
	`account_name` text
);
--> statement-breakpoint
CREATE INDEX `authenticators_subject` ON `authenticators` (`subject_lookup`);--> statement-breakpoint
CREATE UNIQUE INDEX `authenticators_credential` ON `authenticators` (`credential_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `authenticators_recovery_set` ON `authenticators` (`subject_lookup`) WHERE method = 'recovery_code' and status = 'active';--> statement-breakpoint
CREATE TABLE `challenges` (
	`id` text PRIMARY KEY NOT NULL,
	`realm_id` text NOT NULL,
	`rp_id` text NOT NULL,
	`subject_lookup` text NOT NULL,
	`purpose` text NOT NULL,
	`required_acr` text,
	`methods` text NOT NULL,
	`lane` text NOT NULL,
	`first_factor` integer NOT NULL,
	`device_id` text,
	`device_token_hash` text,
	`webauthn_challenge` text NOT NULL,
	`attempts_left` integer NOT NULL,
	`status` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`satisfied_at_ms` integer,
	`method` text,
	`authenticator_id` text,
	`acr` text,
	`amr` text,
	`user_verified` integer,
	`proof_spent_at_ms` integer,
	`redeemed_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `challenges_expiry` ON `challenges` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `counters` (
	`id` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`id` text PRIMARY KEY NOT NULL,
	`rp_id` text NOT NULL,
	`subject_lookup` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`used_at_ms` integer NOT NULL,
	`revoked_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `devices_subject` ON `devices` (`subject_lookup`);--> statement-breakpoint
CREATE TABLE `grants` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`realm_id` text NOT NULL,
	`rp_id` text,
	`subject_lookup` text,
	`data` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`used_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `grants_subject` ON `grants` (`subject_lookup`);--> statement-breakpoint
CREATE TABLE `guess_budgets` (
	`id` text PRIMARY KEY NOT NULL,
	`wrong_in_row` integer NOT NULL,
	`wait_ms` integer NOT NULL,
	`wait_until_ms` integer NOT NULL,
	`wrong_times` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `realms` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`rp_id` text NOT NULL,
	`origins` text NOT NULL,
	`policy` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`mac` text PRIMARY KEY NOT NULL,
	`authenticator_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`used_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_authenticator` ON `recovery_codes` (`authenticator_id`);--> statement-breakpoint
CREATE TABLE `relying_parties` (
	`id` text PRIMARY KEY NOT NULL,
	`realm_id` text NOT NULL,
	`name` text NOT NULL,
	`redirect_uris` text NOT NULL,
	`client_secret_hash` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`revoked_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`realm_id` text NOT NULL,
	`rp_id` text,
	`subject_lookup` text,
	`data` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`seen_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`proven_at_ms` integer,
	`proven_method` text
);
--> statement-breakpoint
CREATE INDEX `sessions_subject` ON `sessions` (`subject_lookup`);--> statement-breakpoint
CREATE TABLE `source_limits` (
	`id` text PRIMARY KEY NOT NULL,
	`arrival_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subjects` (
	`lookup` text PRIMARY KEY NOT NULL,
	`realm_id` text NOT NULL,
	`user_handle` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_user_handle` ON `subjects` (`user_handle`);--> statement-breakpoint
CREATE TABLE `system_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`sealed` text NOT NULL,
	`public_jwk` text,
	`created_at_ms` integer NOT NULL,
	`retired_at_ms` integer
);
