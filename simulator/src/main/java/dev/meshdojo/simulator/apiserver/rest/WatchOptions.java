package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiRequest;

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
        long revision = ListOptions.watchVersion(version);
        boolean wantsInitial = initial == null ? revision == 0 : initial.equals("true");
        return new WatchOptions(
                revision,
                wantsInitial,
                "true".equals(initial) && bookmarks,
                bookmarks,
                ListOptions.watchVersion(request.parameter("timeoutSeconds", "")));
    }
}
