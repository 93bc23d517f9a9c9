import { DurableObject } from "cloudflare:workers";
import { createHomeDb } from "db";
import type { JobName } from "./contracts/admin-jobs.ts";
import type { CarriedGuest } from "./features/carry/carried-guest.ts";
import { carry } from "./features/carry/carry-guest.ts";
import { type DeletedChats, deleteSomeChats } from "./features/chats/deletion/delete-chats.ts";
import { deleteSomeContent } from "./features/deletion/delete-content.ts";
import type { Limits } from "./features/limits/limits-of.ts";
import type { StorageLimits } from "./features/limits/storage.ts";
import {
  type ReadDocument,
  type SavedDocument,
  saveDocuments,
} from "./features/transfer/documents/import-documents.ts";
import { type ReadChat, type SavedChat, saveReadChats } from "./features/transfer/save-chats.ts";
import { type CopiedUpload, copySomeUploads } from "./features/uploads/copy-uploads.ts";
import {
  type GivenFile,
  type StoredFile,
  storeFiles,
} from "./features/uploads/receive/store-files.ts";
import { type Owner, ownerContext } from "./owner-context.ts";
import { jobObject, runSteps } from "./platform/job-object.ts";
import { createLogger } from "./platform/log.ts";
import { RequestBudget } from "./platform/request-budget.ts";
import { sweepStep } from "./sweep-jobs.ts";

/**
 * Does steps of jobs that are too large for one invocation. Each call is an invocation, with limits
 * of its own. The object keeps nothing: what is left to do is in D1.
 */
export class JobObject extends DurableObject<Env> {
  /** Deletes some chats of an owner, see `deleteSomeChats`. */
  deleteChats(owner: Owner, createdUntil: number): Promise<DeletedChats> {
    return deleteSomeChats(this.#ownerContext(owner), createdUntil, new RequestBudget());
  }

  /** Deletes content of an owner in many steps. @returns whether nothing is left */
  deleteContent(owner: Owner): Promise<boolean> {
    const steps = jobObject(this.env, `${owner.userId}/steps`);
    return runSteps(() => steps.deleteSomeContent(owner));
  }

  /** Does one step of that. @returns whether nothing is left */
  deleteSomeContent(owner: Owner): Promise<boolean> {
    return deleteSomeContent(this.#ownerContext(owner), new RequestBudget());
  }

  /** Moves a guest's content to its account. */
  carryGuest(guest: CarriedGuest): Promise<void> {
    return carry(this.#context({ userId: guest.carriedToUserId }), guest);
  }

  /**
   * Saves chats of an import, see `saveReadChats`.
   *
   * @param json in UTF-8, which is shorter than a string between objects
   */
  importChats(owner: Owner, storage: StorageLimits, json: Uint8Array): Promise<SavedChat[]> {
    const chats = parse<ReadChat>(json);
    return saveReadChats(this.#ownerContext(owner), storage, chats, new RequestBudget());
  }

  /** Saves documents of an import, see `saveDocuments`. */
  importDocuments(
    owner: Owner,
    storage: StorageLimits,
    json: Uint8Array,
  ): Promise<SavedDocument[]> {
    const documents = parse<ReadDocument>(json);
    return saveDocuments(this.#ownerContext(owner), storage, documents, new RequestBudget());
  }

  /** Stores files of an import, see `storeFiles`. */
  storeFiles(
    owner: Owner,
    limits: Pick<Limits, "uploads" | "storage">,
    files: GivenFile[],
  ): Promise<StoredFile[]> {
    return storeFiles({ ...this.#ownerContext(owner), limits }, files, new RequestBudget());
  }

  /** Copies files of another owner, see `copySomeUploads`. */
  copyUploads(
    owner: Owner,
    source: Owner,
    ids: readonly string[],
    storage: StorageLimits,
  ): Promise<CopiedUpload[]> {
    const from = this.#ownerContext(source);
    return copySomeUploads(this.#ownerContext(owner), from, { ids, storage }, new RequestBudget());
  }

  /** Does one step of a job of the cron. @returns whether the job is done for now */
  sweep(name: JobName, now: number): Promise<boolean> {
    return sweepStep(this.env, name, now);
  }

  /** Answers that objects can be reached, and does nothing. */
  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  #context(fields: { readonly userId: string }) {
    return { env: this.env, home: createHomeDb(this.env.HOME), log: createLogger(fields) };
  }

  #ownerContext(owner: Owner) {
    return ownerContext(this.#context({ userId: owner.userId }), owner);
  }
}

/** The worker has checked what it sends. */
function parse<Item>(json: Uint8Array): Item[] {
  return JSON.parse(new TextDecoder().decode(json));
}
