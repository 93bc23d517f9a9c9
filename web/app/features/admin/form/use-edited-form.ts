import { useState } from "react";

/** What a form of settings tells the page that it is on. */
export interface EditedForm<Data> {
  /** Whether what is shown was just saved. */
  readonly isSaved: boolean;
  readonly onEdit: () => void;
  onSaved(data: Data): void;
  /** Shows what someone else has saved, in place of what was entered. */
  readonly onReload: () => Promise<void>;
}

interface LoadedQuery<Data> {
  readonly data: Data | undefined;
  readonly refetch: () => Promise<{ readonly data: Data | undefined }>;
}

/**
 * Keeps what a form was made from, from the first edit on. Until then the form shows what was loaded
 * last: a page can open with data that is older. A change by someone else does not take an unsaved
 * form away: only a load that was asked for does.
 */
export function useEditedForm<Data>(query: LoadedQuery<Data>) {
  const { current, show, ...state } = useFormBase(query.data);
  const form: EditedForm<Data> = {
    ...state,
    async onReload() {
      const { data } = await query.refetch();
      show(data);
    },
  };
  return { current, form };
}

/**
 * The same for a form that has no conflicts, because it sends only what differs from what it was made
 * from.
 *
 * @param latest what was loaded last
 */
export function useFormBase<Data>(latest: Data) {
  const [isSaved, setIsSaved] = useState(false);
  const [shown, setShown] = useState<Data>();
  const current = shown ?? latest;
  function show(data: Data | undefined, isNowSaved = false) {
    setShown(data);
    setIsSaved(isNowSaved);
  }
  return {
    current,
    isSaved,
    show,
    onEdit: () => show(current),
    onSaved: (data: NonNullable<Data>) => show(data, true),
  };
}
