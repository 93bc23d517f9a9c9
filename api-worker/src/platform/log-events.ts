/**
 * The events of the log, each named `feature.what_happened`. The guide to operations lists them with
 * their meaning; a test compares the two.
 */
export type LogEvent =
  | "auth.sockets_not_closed"
  | "carry.move_failed"
  | "chats.object_not_purged"
  | "files.object_missing"
  | "messages.archive_not_deleted"
  | "messages.delivery_failed"
  | "messages.delivery_parked"
  | "messages.provider_failed"
  | "messages.recovery_failed"
  | "messages.title_not_set"
  | "messages.turn_interrupted"
  | "messages.turn_not_ended"
  | "news.publish_failed"
  | "request.failed"
  | "search.catch_up_failed"
  | "search.not_woken"
  | "settings.invalid_value"
  | "streams.not_removed_from_list"
  | "sweep.guest_not_deleted"
  | "transfer.import_failed"
  | "transfer.sweep_failed"
  | "trpc.call"
  | "uploads.object_sweep_failed"
  | "uploads.purge_failed"
  | "uploads.sweep_failed"
  | "uploads.undo_failed";
