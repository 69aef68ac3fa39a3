CREATE TABLE `sights` (
	`subject_lookup` text NOT NULL,
	`key_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`subject_lookup`, `key_id`)
);
--> statement-breakpoint
CREATE INDEX `sights_at` ON `sights` (`at_ms`);--> statement-breakpoint
ALTER TABLE `api_keys` ADD `unknown_since_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `unknown_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `scan_stopped_at_ms` integer;--> statement-breakpoint
ALTER TABLE `relying_parties` ADD `unknown_per_hour` integer;