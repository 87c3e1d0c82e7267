package dev.meshdojo.simulator.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.model.ProtobufObjects;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what RBAC does not allow with a 403, and answers the reviews of the groups
 * authentication.k8s.io and authorization.k8s.io. Install it before other paths. Thread-safe.
 */
public final class AuthorizationExtension implements HttpExtension {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATED = 201;

    private final RbacAuthorizer authorizer;
    private final AccessReviews reviews;
    private final InstantSource clock;
    private final TokenReviews tokens;

    /**
     * @param api where roles and bindings are read
     * @param clock what reviews are stamped with
     * @param tokens answers reviews of tokens
     */
    public AuthorizationExtension(ResourceApi api, InstantSource clock, TokenReviews tokens) {
        this.tokens = tokens;
        this.authorizer = new RbacAuthorizer(api);
        this.reviews = new AccessReviews(authorizer);
        this.clock = clock;
    }

    @Override
    public @Nullable ApiResponse answer(ApiRequest request) {
        authorize(request);
        RequestAttributes attributes = RequestAttributes.of(request);
        return request.method().equals("POST") ? review(request, attributes) : null;
    }

    @Override
    public void authorize(ApiRequest request) {
        RequestAttributes attributes = RequestAttributes.of(request);
        require(request, attributes);
        if (opensStream(request, attributes)) {
            require(request, attributes.withVerb("create"));
        }
    }

    private void require(ApiRequest request, RequestAttributes attributes) {
        RbacAuthorizer.Decision decision = authorizer.decide(request.user(), attributes);
        if (!decision.allowed()) {
            throw refusal(request, attributes, decision.reason());
        }
    }

    /** A WebSocket starts with GET, but what it opens takes the right to create. */
    private static boolean opensStream(ApiRequest request, RequestAttributes attributes) {
        return attributes.verb().equals("get")
                && attributes.group().isEmpty()
                && attributes.resource().equals("pods")
                && List.of("exec", "attach", "portforward").contains(attributes.subresource())
                && request.header("upgrade").equalsIgnoreCase("websocket");
    }

    private static RuntimeException refusal(
            ApiRequest request, RequestAttributes attributes, String reason) {
        String why = reason.isEmpty() ? "" : ": " + reason;
        String user = "User \"" + request.user().username() + "\" cannot " + attributes.verb();
        if (!attributes.isResource()) {
            return Statuses.forbidden(
                    "", "", "", user + " path \"" + attributes.path() + "\"" + why);
        }
        String scope =
                attributes.namespace().isEmpty()
                        ? " at the cluster scope"
                        : " in the namespace \"" + attributes.namespace() + "\"";
        return Statuses.forbidden(
                attributes.group(),
                attributes.resource(),
                attributes.name(),
                user
                        + " resource \""
                        + attributes.fullResource()
                        + "\" in API group \""
                        + attributes.group()
                        + "\""
                        + scope
                        + why);
    }

    private @Nullable ApiResponse review(ApiRequest request, RequestAttributes attributes) {
        boolean authentication = attributes.group().equals("authentication.k8s.io");
        if (!authentication && !attributes.group().equals("authorization.k8s.io")) {
            return null;
        }
        ObjectNode review;
        switch (attributes.resource()) {
            case "selfsubjectreviews" -> {
                review = read(request);
                review.putObject("metadata")
                        .put(
                                "creationTimestamp",
                                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
                AccessReviews.addUser(review, request.user());
            }
            case "tokenreviews" -> {
                review = read(request);
                tokens.answer(review);
            }
            case "selfsubjectaccessreviews" -> {
                review = read(request);
                ReviewRules.check(attributes.resource(), review, attributes.namespace());
                reviews.addDecision(review, request.user());
            }
            case "subjectaccessreviews", "localsubjectaccessreviews" -> {
                review = read(request);
                ReviewRules.check(attributes.resource(), review, attributes.namespace());
                reviews.addDecision(review, AccessReviews.subject(review.path("spec")));
            }
            case "selfsubjectrulesreviews" -> {
                review = read(request);
                ReviewRules.check(attributes.resource(), review, attributes.namespace());
                reviews.addRules(review, request.user());
            }
            default -> {
                return null;
            }
        }
        return ApiResponse.json(CREATED, review);
    }

    private static ObjectNode read(ApiRequest request) {
        try {
            JsonNode body =
                    ProtobufObjects.isProtobuf(request.body())
                            ? ProtobufObjects.decode(request.body())
                            : JSON.readTree(request.body());
            if (body instanceof ObjectNode object) {
                if (!object.path("metadata").isObject()) {
                    object.putObject("metadata");
                }
                return object;
            }
            throw Statuses.badRequest("the request body is no object");
        } catch (IOException | IllegalArgumentException e) {
            throw Statuses.badRequest("the request body cannot be read: " + e.getMessage());
        }
    }
}
