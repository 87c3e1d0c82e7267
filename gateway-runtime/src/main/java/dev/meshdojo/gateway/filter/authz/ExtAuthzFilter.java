package dev.meshdojo.gateway.filter.authz;

import com.google.protobuf.Struct;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.filter.MessageBody;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.filter.StructValues;
import dev.meshdojo.gateway.route.Fraction;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service, over HTTP or gRPC, about each request. Source: Envoy "External Authorization".
 *
 * <p>Not modelled: metadata sent along, and a body larger than the connection's buffer with {@code
 * allow_partial_message}.
 */
public final class ExtAuthzFilter implements HttpFilter {

    private final String name;
    private final ExtAuthz proto;
    private final AuthzService service;
    private final Fraction enabled;
    private final int statusOnError;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when it is invalid or asks for what is not modelled
     */
    public ExtAuthzFilter(String name, ExtAuthz proto) {
        this.name = name;
        this.proto = proto;
        this.service =
                switch (proto.getServicesCase()) {
                    case HTTP_SERVICE -> new HttpAuthz(proto);
                    case GRPC_SERVICE -> new GrpcAuthz(name, proto);
                    case SERVICES_NOT_SET ->
                            throw new InvalidConfigException(
                                    "ext_authz: grpc_service or http_service is required");
                };
        this.enabled =
                proto.hasFilterEnabled() ? Fraction.of(proto.getFilterEnabled()) : Fraction.ALL;
        int configured = proto.getStatusOnError().getCodeValue();
        this.statusOnError = configured == 0 ? 403 : configured;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public HttpFilter forExchange(FilterContext context) {
        return new Check();
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        throw new IllegalStateException("asked of the filter of one exchange only");
    }

    /** The filter's work for one exchange. */
    private final class Check implements HttpFilter {

        private List<AuthzDecision.Line> response = List.of();

        @Override
        public String name() {
            return name;
        }

        @Override
        public FilterResult onRequest(FilterContext context) {
            if (!enabled.includes(context.random())) {
                return proto.getDenyAtDisable().getDefaultValue().getValue()
                        ? error()
                        : FilterResult.proceed();
            }
            BufferSettings settings = settings(context);
            if (settings == null || context.requestEnded()) {
                return ask(context, null);
            }
            long limit =
                    settings.getAllowPartialMessage()
                            ? Long.MAX_VALUE
                            : Integer.toUnsignedLong(settings.getMaxRequestBytes());
            return new FilterResult.Body(limit, body -> ask(context, part(body, settings)));
        }

        private @Nullable BufferSettings settings(FilterContext context) {
            BufferSettings settings =
                    proto.hasWithRequestBody() ? proto.getWithRequestBody() : null;
            if (context.routeConfig(name) instanceof CheckSettings own) {
                if (own.getDisableRequestBodyBuffering()) {
                    return null;
                }
                return own.hasWithRequestBody() ? own.getWithRequestBody() : settings;
            }
            return settings;
        }

        private AuthzBody part(MessageBody body, BufferSettings settings) {
            byte[] all = body.bytes();
            int max = settings.getMaxRequestBytes();
            boolean partial = Integer.compareUnsigned(all.length, max) > 0;
            return new AuthzBody(
                    partial ? Arrays.copyOf(all, max) : all, partial, settings.getPackAsBytes());
        }

        private FilterResult ask(FilterContext context, @Nullable AuthzBody body) {
            AuthzService.Question question = service.ask(context, body);
            return new FilterResult.Await(
                    resume -> {
                        Consumer<@Nullable SideResponse> done =
                                answer -> resume.accept(heed(context, service.decide(answer)));
                        boolean sent =
                                context.call(
                                        service.cluster(),
                                        question.head(),
                                        question.body(),
                                        service.timeout(),
                                        done);
                        if (!sent) {
                            resume.accept(heed(context, new AuthzDecision.Failed()));
                        }
                    });
        }

        private FilterResult heed(FilterContext context, AuthzDecision decision) {
            return switch (decision) {
                case AuthzDecision.Allowed allowed -> allow(context, allowed);
                case AuthzDecision.Denied denied -> {
                    keep(context, denied.metadata());
                    yield new FilterResult.Reply(
                            new LocalReply(
                                    denied.status(),
                                    denied.body(),
                                    denied.headers(),
                                    "ext_authz_denied",
                                    Set.of(ResponseFlag.UNAUTHORIZED_EXTERNAL_SERVICE),
                                    null));
                }
                case AuthzDecision.Failed failed -> failed(context);
            };
        }

        private FilterResult failed(FilterContext context) {
            if (!proto.getFailureModeAllow()) {
                return error();
            }
            if (proto.getFailureModeAllowHeaderAdd()) {
                context.request().headers().add("x-envoy-auth-failure-mode-allowed", "true");
            }
            return FilterResult.proceed();
        }

        private FilterResult error() {
            return new FilterResult.Reply(
                    LocalReply.of(
                            statusOnError,
                            "",
                            "ext_authz_error",
                            ResponseFlag.UNAUTHORIZED_EXTERNAL_SERVICE));
        }

        private FilterResult allow(FilterContext context, AuthzDecision.Allowed allowed) {
            keep(context, allowed.metadata());
            response = allowed.response();
            AuthzChanges.request(context.request(), allowed);
            if (proto.getClearRouteCache() && allowed.changesRequest()) {
                context.clearRouteCache();
            }
            return FilterResult.proceed();
        }

        private void keep(FilterContext context, Struct metadata) {
            if (metadata.getFieldsCount() > 0) {
                context.streamInfo().dynamicMetadata().merge(name, StructValues.map(metadata));
            }
        }

        @Override
        public void onResponse(FilterContext context, ResponseHead head) {
            HeaderMap headers = head.headers();
            for (AuthzDecision.Line line : response) {
                AuthzChanges.apply(headers, line);
            }
        }
    }
}
