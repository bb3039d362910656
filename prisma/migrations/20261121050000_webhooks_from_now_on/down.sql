ALTER TABLE "webhooks" DROP COLUMN "told_from";
