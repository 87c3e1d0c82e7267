package dev.meshdojo.simulator.apiserver.authorization;

import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.UserInfo;
import dev.meshdojo.simulator.apiserver.schema.CelAuthorizer;
import java.util.List;
import java.util.Map;

/**
 * Answers the questions of expressions by role-based access control. Thread-safe.
 *
 * @param api where roles and bindings are read
 * @param user who sends the request
 */
public record PolicyAuthorizer(ResourceApi api, UserInfo user) implements CelAuthorizer {

    @Override
    public Answer decide(Question question) {
        UserInfo who =
                question.serviceAccount().isEmpty() ? user : account(question.serviceAccount());
        RbacAuthorizer.Decision decision =
                new RbacAuthorizer(api)
                        .decide(
                                who,
                                new RequestAttributes(
                                        question.verb(),
                                        question.group(),
                                        question.resource(),
                                        question.subresource(),
                                        question.namespace(),
                                        question.name(),
                                        question.path()));
        return new Answer(decision.allowed(), decision.reason());
    }

    private static UserInfo account(String name) {
        String namespace = name.substring(0, name.indexOf(':'));
        return new UserInfo(
                "system:serviceaccount:" + name,
                "",
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + namespace,
                        "system:authenticated"),
                Map.of());
    }
}
