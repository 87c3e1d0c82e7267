package dev.meshdojo.gateway.filter;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.config.EnvoyTypes;
import dev.meshdojo.gateway.filter.registry.FilterCatalog;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.time.Instant;
import java.util.Random;

/** One connection manager's filters and one route, driven without sockets. */
public final class FilterFixture {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    public final FixedStreamInfo info = new FixedStreamInfo();
    private final FilterCatalog catalog = new FilterCatalog(() -> NOW);
    private final HttpFilterChain chain;
    private final RouteTable table;
    private final Random random = new Random(1);

    /**
     * A fixture.
     *
     * @param filter name and {@code typed_config} of the filter, as {@code name={json}}
     * @param perRoute {@code typed_per_filter_config} of the route
     */
    public FilterFixture(String filter, String perRoute) {
        int equals = filter.indexOf('=');
        chain =
                catalog.compileChain(
                        java.util.List.of(
                                httpFilter(
                                        filter.substring(0, equals), filter.substring(equals + 1)),
                                httpFilter(
                                        "router",
                                        type(
                                                "envoy.extensions.filters.http.router.v3.Router",
                                                ""))));
        table =
                RouteTable.compile(
                        parse(
                                        "{'name':'t','virtual_hosts':[{'name':'v','domains':['*'],'routes':["
                                                + "{'name':'r','match':{'prefix':'/'},'route':{'cluster':'c'},"
                                                + "'typed_per_filter_config':{"
                                                + perRoute
                                                + "}}]}]}",
                                        RouteConfiguration.newBuilder())
                                .build(),
                        catalog);
    }

    static String type(String name, String fields) {
        return "{'@type':'type.googleapis.com/"
                + name
                + "'"
                + (fields.isEmpty() ? "" : "," + fields)
                + "}";
    }

    private static HttpFilter httpFilter(String name, String config) {
        Any any = parse(config, Any.newBuilder()).build();
        return HttpFilter.newBuilder().setName(name).setTypedConfig(any).build();
    }

    private static <B extends com.google.protobuf.Message.Builder> B parse(String json, B builder) {
        try {
            JsonFormat.parser()
                    .usingTypeRegistry(EnvoyTypes.registry())
                    .merge(json.replace('\'', '"'), builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** A request to the fixture's host. */
    static RequestHead request(String method, String path, String... headers) {
        return new RequestHead(method, "http", "a.example.com", path, HeaderMap.of(headers));
    }

    /** Starts the chain for one request. */
    HttpFilterChain.Run begin(RequestHead request) {
        return chain.begin(new Context(request));
    }

    /** The reply that the filters give; fails when they let the request pass. */
    LocalReply reply(RequestHead request) {
        if (begin(request).proceed() instanceof FilterResult.Reply(LocalReply reply)) {
            return reply;
        }
        throw new AssertionError("the request passed");
    }

    private final class Context implements FilterContext {
        private final RequestHead request;

        Context(RequestHead request) {
            this.request = request;
        }

        @Override
        public RequestHead request() {
            return request;
        }

        @Override
        public StreamInfo streamInfo() {
            return info;
        }

        @Override
        public RouteDecision route() {
            return table.decide(request, info, 0);
        }

        @Override
        public void clearRouteCache() {}

        @Override
        public void raise(ResponseFlag flag) {
            info.flags.add(flag);
        }

        @Override
        public long random() {
            return random.nextLong();
        }
    }
}
