ALTER TABLE `api_keys` ADD `known_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sights` ADD `is_known` integer DEFAULT 0 NOT NULL;