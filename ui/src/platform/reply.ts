import {
  keepPreviousData,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";

import type { CommandName, FailureView, Params, Reply } from "../api/types";
import { usePlatform } from "./context";

export type ReplyOptions = {
  enabled?: boolean;
  /** Shows the reply to the params before until the new one is here. */
  keep?: boolean;
};

/** Reads: the key is the command and its params, so equal questions share one answer. */
export function useReply<C extends CommandName>(
  name: C,
  params: Params[C],
  { enabled = true, keep = false }: ReplyOptions = {},
): UseQueryResult<Reply[C], FailureView> {
  const platform = usePlatform();
  return useQuery({
    queryKey: [name, params],
    queryFn: () => platform.call(name, params),
    enabled,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<Reply[C], FailureView>;
}

/** Writes: what became stale is said by a `changed` event, not guessed here. */
export function useWrite<C extends CommandName>(
  name: C,
): UseMutationResult<Reply[C], FailureView, Params[C]> {
  const platform = usePlatform();
  return useMutation({ mutationFn: (params: Params[C]) => platform.call(name, params) });
}
