package dev.meshdojo.simulator.pilot.server.ads;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Asks each call for a bearer token and tells the service whom it stands for. */
final class CallerIdentity implements ServerInterceptor {

    /** The caller's SPIFFE identity; null where none is asked for. */
    static final Context.Key<String> KEY = Context.key("caller-identity");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final AdsOptions.Tokens tokens;

    CallerIdentity(AdsOptions.Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String header = headers.get(AUTHORIZATION);
        String identity =
                header != null && header.startsWith(BEARER)
                        ? tokens.identity(header.substring(BEARER.length()))
                        : null;
        if (identity == null) {
            String why =
                    header == null
                            ? "no bearer token exists in HTTP authorization header"
                            : "the bearer token is not one of a service account of this cluster,"
                                    + " or it has expired";
            call.close(
                    Status.UNAUTHENTICATED.withDescription("authentication failure: " + why),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(
                Context.current().withValue(KEY, identity), call, headers, next);
    }
}
