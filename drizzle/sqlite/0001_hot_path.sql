CREATE TABLE `subject_events` (
	`subject_lookup` text NOT NULL,
	`event_id` integer NOT NULL,
	PRIMARY KEY(`subject_lookup`, `event_id`)
) WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `audit_events_subject`;--> statement-breakpoint
ALTER TABLE `authenticators` ADD `steps_in_budget` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE TABLE `new_guess_budgets` (
	`id` text PRIMARY KEY NOT NULL,
	`codes_of` text,
	`last_step` integer DEFAULT 0 NOT NULL,
	`last_used_at_ms` integer,
	`device_in_row` integer DEFAULT 0 NOT NULL,
	`device_wait_ms` integer DEFAULT 0 NOT NULL,
	`device_wait_until_ms` integer DEFAULT 0 NOT NULL,
	`device_wrong_times` text DEFAULT '' NOT NULL,
	`proven_in_row` integer DEFAULT 0 NOT NULL,
	`proven_wait_ms` integer DEFAULT 0 NOT NULL,
	`proven_wait_until_ms` integer DEFAULT 0 NOT NULL,
	`proven_wrong_times` text DEFAULT '' NOT NULL,
	`open_in_row` integer DEFAULT 0 NOT NULL,
	`open_wait_ms` integer DEFAULT 0 NOT NULL,
	`open_wait_until_ms` integer DEFAULT 0 NOT NULL,
	`open_wrong_times` text DEFAULT '' NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `new_guess_budgets` (
	`id`,
	`device_in_row`, `device_wait_ms`, `device_wait_until_ms`, `device_wrong_times`,
	`proven_in_row`, `proven_wait_ms`, `proven_wait_until_ms`, `proven_wrong_times`,
	`open_in_row`, `open_wait_ms`, `open_wait_until_ms`, `open_wrong_times`
)
SELECT `lookup` || ':' || `method`,
	max(iif(`lane` = 'device', `wrong_in_row`, 0)), max(iif(`lane` = 'device', `wait_ms`, 0)), max(iif(`lane` = 'device', `wait_until_ms`, 0)), max(iif(`lane` = 'device', `wrong_times`, '')),
	max(iif(`lane` = 'proven', `wrong_in_row`, 0)), max(iif(`lane` = 'proven', `wait_ms`, 0)), max(iif(`lane` = 'proven', `wait_until_ms`, 0)), max(iif(`lane` = 'proven', `wrong_times`, '')),
	max(iif(`lane` = 'open', `wrong_in_row`, 0)), max(iif(`lane` = 'open', `wait_ms`, 0)), max(iif(`lane` = 'open', `wait_until_ms`, 0)), max(iif(`lane` = 'open', `wrong_times`, ''))
FROM (
	SELECT *, substr(`rest`, 1, instr(`rest`, ':') - 1) AS `lane`, substr(`rest`, instr(`rest`, ':') + 1) AS `method`
	FROM (SELECT *, substr(`id`, 1, instr(`id`, ':') - 1) AS `lookup`, substr(`id`, instr(`id`, ':') + 1) AS `rest` FROM `guess_budgets`)
)
GROUP BY 1;
--> statement-breakpoint
UPDATE `authenticators` SET `steps_in_budget` = 1 WHERE `id` IN (
	SELECT min(`id`) FROM `authenticators` WHERE `method` = 'totp' AND `status` = 'active' GROUP BY `subject_lookup`
);--> statement-breakpoint
INSERT INTO `new_guess_budgets` (`id`, `codes_of`, `last_step`, `last_used_at_ms`)
SELECT `subject_lookup` || ':totp', `id`, `last_step`, `last_used_at_ms` FROM `authenticators` WHERE `steps_in_budget` = 1
ON CONFLICT (`id`) DO UPDATE SET `codes_of` = excluded.`codes_of`, `last_step` = excluded.`last_step`, `last_used_at_ms` = excluded.`last_used_at_ms`;
--> statement-breakpoint
DROP TABLE `guess_budgets`;--> statement-breakpoint
ALTER TABLE `new_guess_budgets` RENAME TO `guess_budgets`;
