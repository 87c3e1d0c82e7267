package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.filter.rbac.RbacInput;
import dev.meshdojo.gateway.filter.rbac.RbacRules;

/**
 * Denies requests by policy: 403, {@code RBAC: access denied}. A route's rules replace the
 * listener's. Source: Envoy "Role based access control filter".
 */
public final class RbacFilter implements HttpFilter {

    private final String name;
    private final RbacRules listenerRules;

    /** A filter with the listener's own rules. */
    public RbacFilter(String name, RbacRules listenerRules) {
        this.name = name;
        this.listenerRules = listenerRules;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        RbacRules rules = context.routeConfig(name) instanceof RbacRules own ? own : listenerRules;
        RbacRules.Verdict verdict =
                rules.check(new RbacInput(context.request(), context.streamInfo()));
        if (verdict.allowed()) {
            return FilterResult.proceed();
        }
        return new FilterResult.Reply(LocalReply.of(403, "RBAC: access denied", verdict.details()));
    }
}
