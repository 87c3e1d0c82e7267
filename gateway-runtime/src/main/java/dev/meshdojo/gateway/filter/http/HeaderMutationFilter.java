package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes header lines one operation after the other, the listener's before the route's. Source:
 * Envoy "Header mutation".
 *
 * <p>Not modelled: query parameters, trailers, removal on a match.
 */
public final class HeaderMutationFilter implements HttpFilter {

    private final String name;
    private final Steps steps;

    /** A filter with the listener's own operations. */
    public HeaderMutationFilter(String name, Steps steps) {
        this.name = name;
        this.steps = steps;
    }

    /** Compiled operations. Immutable. */
    public static final class Steps {
        private final List<HeaderOperations> request;
        private final List<HeaderOperations> response;

        /**
         * Compiles {@code proto}.
         *
         * @throws InvalidConfigException when it asks for what is not modelled
         */
        public Steps(Mutations proto) {
            if (proto.getQueryParameterMutationsCount() > 0) {
                throw new InvalidConfigException(
                        "header_mutation: query_parameter_mutations are not supported by this"
                                + " proxy; use a regex path rewrite of the route");
            }
            request = compile(proto.getRequestMutationsList());
            response = compile(proto.getResponseMutationsList());
        }

        private static List<HeaderOperations> compile(List<HeaderMutation> protos) {
            List<HeaderOperations> steps = new ArrayList<>(protos.size());
            for (HeaderMutation mutation : protos) {
                steps.add(
                        switch (mutation.getActionCase()) {
                            case REMOVE ->
                                    HeaderOperations.compile(
                                            List.of(), List.of(mutation.getRemove()));
                            case APPEND ->
                                    HeaderOperations.compile(
                                            List.of(mutation.getAppend()), List.of());
                            default ->
                                    throw new InvalidConfigException(
                                            "header_mutation: action "
                                                    + mutation.getActionCase()
                                                    + " is not supported by this proxy; use"
                                                    + " append or remove");
                        });
            }
            return List.copyOf(steps);
        }

        private void request(RequestHead head, FilterContext context) {
            request.forEach(step -> step.applyToRequest(head, context.streamInfo()));
        }

        private void response(HeaderMap headers, FilterContext context) {
            response.forEach(
                    step -> step.applyToResponse(headers, context.request(), context.streamInfo()));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        steps.request(context.request(), context);
        if (context.routeConfig(name) instanceof Steps own) {
            own.request(context.request(), context);
        }
        return FilterResult.proceed();
    }

    @Override
    public void onResponse(FilterContext context, ResponseHead response) {
        steps.response(response.headers(), context);
        if (context.routeConfig(name) instanceof Steps own) {
            own.response(response.headers(), context);
        }
    }
}
