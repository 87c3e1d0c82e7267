package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.List;

/** A compiled {@code RouteMatch} outside a table, as filters use it. Immutable. */
public final class RequestMatch {

    private final List<Condition> conditions;

    private RequestMatch(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when it is invalid
     */
    public static RequestMatch compile(RouteMatch proto) {
        return new RequestMatch(TableCompiler.conditions(proto, PathCompiler.compile(proto)));
    }

    /** Whether every condition holds. */
    public boolean matches(RequestHead request, StreamInfo info, long random) {
        MatchInput input = new MatchInput(request, info, random, false);
        for (Condition condition : conditions) {
            if (!condition.holds(input)) {
                return false;
            }
        }
        return true;
    }
}
