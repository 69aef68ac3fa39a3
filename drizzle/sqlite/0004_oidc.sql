CREATE TABLE `used_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `realms` ADD `branding` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `relying_parties` ADD `jwks` text;--> statement-breakpoint
ALTER TABLE `relying_parties` ADD `allow_insecure_authorize` integer DEFAULT 0 NOT NULL;