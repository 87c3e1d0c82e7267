package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.route.RouteTrace;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import org.jspecify.annotations.Nullable;

/**
 * The route of one stream: decided when it is first asked for, and anew after a filter cleared it.
 * The same random number counts each time. Used on the connection's loop only.
 */
final class StreamRoute {

    private final HttpConfig config;
    private final LiveConfig live;
    private final StreamRecord record;
    private final RequestHead request;
    private final long random;
    private final boolean explained;
    private @Nullable RouteDecision decision;
    private @Nullable RouteTrace trace;

    /**
     * @param explained whether to find out why other routes do not match
     */
    StreamRoute(
            HttpConfig config,
            LiveConfig live,
            StreamRecord record,
            RequestHead request,
            long random,
            boolean explained) {
        this.config = config;
        this.live = live;
        this.record = record;
        this.request = request;
        this.random = random;
        this.explained = explained;
    }

    RouteDecision decide() {
        RouteDecision known = decision;
        if (known == null) {
            known = look();
            decision = known;
            note(known);
        }
        return known;
    }

    private RouteDecision look() {
        RouteTable table = config.inline() != null ? config.inline() : live.table(name());
        if (table == null) {
            return new RouteDecision.NoHost(request.authority());
        }
        if (!explained) {
            return table.decide(request, record, random);
        }
        RouteTrace found = table.explain(request, record, random);
        trace = found;
        return found.decision();
    }

    private void note(RouteDecision known) {
        switch (known) {
            case RouteDecision.Matched matched -> {
                record.matched(matched.route().name(), matched.virtualHost().name());
                var target = matched.target();
                UpstreamCluster cluster = target == null ? null : live.cluster(target.cluster());
                if (cluster != null) {
                    record.cluster(cluster);
                }
            }
            case RouteDecision.NoRoute none -> record.matched(null, none.virtualHost().name());
            case RouteDecision.NoHost none -> record.matched(null, null);
        }
    }

    /** What was decided; null before anybody asked. */
    @Nullable RouteDecision decided() {
        return decision;
    }

    /** Why; null unless it is explained. */
    @Nullable RouteTrace trace() {
        return trace;
    }

    void clear() {
        decision = null;
        trace = null;
    }

    /** The route table's name. */
    String table() {
        RouteTable inline = config.inline();
        return inline == null ? name() : inline.name();
    }

    private String name() {
        return config.routeName() == null ? "" : config.routeName();
    }
}
