import type { AdminChatOutput } from "api-worker/contracts/admin-chats";
import type {
  UserDocumentsOutput,
  UserFilesOutput,
  UserOutput,
} from "api-worker/contracts/admin-users";
import { fileAddress } from "api-worker/contracts/uploads";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { byteText } from "../../../../lib/byte-text.ts";
import type { Reader } from "../../../../lib/date-groups.ts";
import { timeText } from "../../../../lib/date-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { Button } from "../../../../ui/button.tsx";
import { kindNames } from "../../../../ui/document-kinds.ts";
import { PagedList } from "../../../../ui/paged-list.tsx";
import { ChatTable } from "../../chats/chat-table.tsx";
import { OpenChatDialog } from "../../chats/open-chat-dialog.tsx";
import { SearchDialog } from "../../chats/search/search-dialog.tsx";

interface UserContentProps {
  readonly user: UserOutput;
  readonly reader: Reader;
}

interface ListProps {
  readonly userId: string;
  readonly reader: Reader;
}

const pages = {
  getNextPageParam: ({ nextCursor }: { readonly nextCursor: string | null }) => nextCursor,
  staleTime: 3_000,
};

const shownAtOnce = 10;

/** The chats, documents and files of a user, without what is in them. */
export function UserContent({ user, reader }: UserContentProps) {
  const userId = user.id;
  return (
    <>
      <UserChats user={user} reader={reader} />
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <UserDocuments userId={userId} reader={reader} />
        <UserFiles userId={userId} reader={reader} />
      </div>
    </>
  );
}

interface PartProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

function Part({ id, title, children }: PartProps) {
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h2 id={id} className="mb-3 text-lg font-semibold tracking-tight">
        {title}
      </h2>
      {children}
    </section>
  );
}

function UserChats({ user, reader }: UserContentProps) {
  const userId = user.id;
  const [toOpen, setToOpen] = useState<AdminChatOutput | null>(null);
  const [isSearching, setSearching] = useState(false);
  const list = trpc.admin.chats.list.useInfiniteQuery({ user: userId, limit: shownAtOnce }, pages);
  const canOpen = list.data?.pages[0]?.canOpen ?? false;
  return (
    <Part id="user-chats" title="Chats">
      <PagedList query={list} label="Loading chats" empty="No chats.">
        {(chats) => <ChatTable chats={chats} reader={reader} onOpen={canOpen ? setToOpen : null} />}
      </PagedList>
      <p className="mt-4 flex flex-wrap items-center gap-x-6 gap-y-3 text-sm">
        {canOpen && (
          <Button isSmall onClick={() => setSearching(true)}>
            Search by text
          </Button>
        )}
        <Link
          to={`/admin/chats?user=${userId}`}
          className="font-medium text-accent underline underline-offset-2"
        >
          Filter the chats of this user
        </Link>
      </p>
      {isSearching && <SearchDialog user={user} onClose={() => setSearching(false)} />}
      {toOpen && <OpenChatDialog chat={toOpen} onClose={() => setToOpen(null)} />}
    </Part>
  );
}

function UserDocuments({ userId, reader }: ListProps) {
  const list = trpc.admin.users.documents.useInfiniteQuery({ userId, limit: shownAtOnce }, pages);
  return (
    <Part id="user-documents" title="Documents">
      <PagedList query={list} label="Loading documents" empty="No documents.">
        {(documents) => (
          <ul className="divide-y divide-line border-y border-line">
            {documents.map((document) => (
              <DocumentItem key={document.id} document={document} reader={reader} />
            ))}
          </ul>
        )}
      </PagedList>
    </Part>
  );
}

interface DocumentItemProps {
  readonly document: UserDocumentsOutput["items"][number];
  readonly reader: Reader;
}

function DocumentItem({ document, reader }: DocumentItemProps) {
  const { kind, title, version, updatedAt } = document;
  return (
    <li className="py-3">
      <h3 className="font-medium wrap-anywhere">{title ?? "Private document"}</h3>
      <p className="mt-0.5 flex flex-wrap gap-x-4 text-sm text-muted">
        <span>{Object.entries(kindNames).find(([name]) => name === kind)?.[1] ?? kind}</span>
        <span>{`Version ${version}`}</span>
        <span>{`Changed ${timeText(updatedAt, reader)}`}</span>
      </p>
    </li>
  );
}

function UserFiles({ userId, reader }: ListProps) {
  const list = trpc.admin.users.files.useInfiniteQuery({ userId, limit: shownAtOnce }, pages);
  const hasNames = list.data?.pages[0]?.items.some(({ name }) => name !== null) ?? false;
  return (
    <Part id="user-files" title="Files">
      {hasNames && (
        <p className="mb-3 text-sm text-muted">
          Opening a file is recorded in the audit log, and its owner sees it.
        </p>
      )}
      <PagedList query={list} label="Loading files" empty="No files.">
        {(files) => (
          <ul className="divide-y divide-line border-y border-line">
            {files.map((file) => (
              <FileItem key={file.id} file={file} reader={reader} />
            ))}
          </ul>
        )}
      </PagedList>
    </Part>
  );
}

interface FileItemProps {
  readonly file: UserFilesOutput["items"][number];
  readonly reader: Reader;
}

function FileItem({ file, reader }: FileItemProps) {
  const { id, name, mediaType, bytes, createdAt } = file;
  return (
    <li className="py-3">
      <h3 className="font-medium wrap-anywhere">
        {name === null ? (
          "Private file"
        ) : (
          <a
            href={fileAddress(id)}
            target="_blank"
            rel="noreferrer"
            className="underline-offset-2 hover:underline"
          >
            {name}
          </a>
        )}
      </h3>
      <p className="mt-0.5 flex flex-wrap gap-x-4 text-sm text-muted">
        <span>{mediaType ?? "file"}</span>
        <span>{byteText(bytes)}</span>
        <span>{`Uploaded ${timeText(createdAt, reader)}`}</span>
      </p>
    </li>
  );
}
