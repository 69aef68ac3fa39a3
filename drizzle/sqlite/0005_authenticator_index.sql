DROP INDEX `authenticators_subject`;--> statement-breakpoint
CREATE INDEX `authenticators_subject` ON `authenticators` (`subject_lookup`,`status`,`method`,`created_at_ms`,`id`);