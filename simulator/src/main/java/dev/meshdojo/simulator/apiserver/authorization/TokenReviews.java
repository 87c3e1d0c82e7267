package dev.meshdojo.simulator.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Answers TokenReviews: whom a service account's token stands for. Thread-safe. */
public final class TokenReviews {

    private static final String OWN = "https://kubernetes.default.svc.cluster.local";

    private final BiFunction<String, List<String>, @Nullable UserInfo> reader;

    /**
     * @param reader tells whom a token stands for, given audiences of which one has to be its own;
     *     null when it is not good
     */
    public TokenReviews(BiFunction<String, List<String>, @Nullable UserInfo> reader) {
        this.reader = reader;
    }

    /** Fills in the status. */
    void answer(ObjectNode review) {
        String token = review.path("spec").path("token").asText("");
        if (token.isEmpty()) {
            throw Statuses.badRequest("token is required for TokenReview in authentication");
        }
        List<String> wanted = new ArrayList<>();
        review.path("spec").path("audiences").forEach(audience -> wanted.add(audience.asText()));
        if (wanted.isEmpty()) {
            wanted.add(OWN);
        }
        UserInfo user = null;
        List<String> held = new ArrayList<>();
        for (String audience : wanted) {
            UserInfo found = reader.apply(token, List.of(audience));
            if (found != null) {
                user = found;
                held.add(audience);
            }
        }
        if (user == null) {
            ObjectNode status = review.putObject("status");
            status.putObject("user");
            status.put("error", "invalid bearer token");
            return;
        }
        AccessReviews.addUser(review, user);
        JsonNode shown = review.path("status").path("userInfo");
        ObjectNode status = review.putObject("status");
        status.put("authenticated", true).set("user", shown);
        ArrayNode audiences = status.putArray("audiences");
        held.forEach(audiences::add);
    }
}
