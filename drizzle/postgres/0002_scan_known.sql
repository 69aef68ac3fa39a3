ALTER TABLE "api_keys" ADD COLUMN "known_count" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sights" ADD COLUMN "is_known" bigint DEFAULT 0 NOT NULL;