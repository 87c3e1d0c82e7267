package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.Statuses;

/**
 * What a watch asks for.
 *
 * @param revision to start after; meaningless with initial events
 * @param initialEvents whether the present objects come first
 * @param endOfInitialEvents whether a bookmark says where they end
 * @param bookmarks whether bookmarks are sent now and then
 * @param timeoutSeconds 0 for the server's own
 */
record WatchOptions(
        long revision,
        boolean initialEvents,
        boolean endOfInitialEvents,
        boolean bookmarks,
        long timeoutSeconds) {

    static WatchOptions read(ApiRequest request) {
        String version = request.parameter("resourceVersion", "");
        String initial = request.parameter("sendInitialEvents");
        boolean bookmarks = request.parameter("allowWatchBookmarks", "false").equals("true");
        long revision;
        try {
            revision = version.isEmpty() ? 0 : Long.parseUnsignedLong(version);
        } catch (NumberFormatException _) {
            throw Statuses.failure(
                    500,
                    "",
                    "resourceVersion: Invalid value: \""
                            + version
                            + "\": strconv.ParseUint: parsing \""
                            + version
                            + "\": invalid syntax",
                    null);
        }
        boolean wantsInitial = initial == null ? revision == 0 : initial.equals("true");
        return new WatchOptions(
                revision,
                wantsInitial,
                "true".equals(initial) && bookmarks,
                bookmarks,
                Long.parseLong(request.parameter("timeoutSeconds", "0")));
    }
}
