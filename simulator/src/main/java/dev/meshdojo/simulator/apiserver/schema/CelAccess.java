package dev.meshdojo.simulator.apiserver.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.meshdojo.simulator.apiserver.schema.CelAuthorizer.Answer;
import dev.meshdojo.simulator.apiserver.schema.CelAuthorizer.Question;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The functions of {@code authorizer} in expressions. Source: {@code
 * k8s.io/apiserver/pkg/cel/library/authz.go}.
 *
 * @param authorizer decides
 * @param question what has been said so far
 */
record CelAccess(CelAuthorizer authorizer, Question question) {

    static List<CelFunctionDecl> declarations() {
        return List.of(
                member("path", SimpleType.DYN, SimpleType.STRING),
                member("group", SimpleType.DYN, SimpleType.STRING),
                member("resource", SimpleType.DYN, SimpleType.STRING),
                member("subresource", SimpleType.DYN, SimpleType.STRING),
                member("namespace", SimpleType.DYN, SimpleType.STRING),
                member("name", SimpleType.DYN, SimpleType.STRING),
                member("fieldSelector", SimpleType.DYN, SimpleType.STRING),
                member("labelSelector", SimpleType.DYN, SimpleType.STRING),
                member("serviceAccount", SimpleType.DYN, SimpleType.STRING, SimpleType.STRING),
                member("check", SimpleType.DYN, SimpleType.STRING),
                member("allowed", SimpleType.BOOL),
                member("reason", SimpleType.STRING),
                member("errored", SimpleType.BOOL),
                member("error", SimpleType.STRING));
    }

    private static CelFunctionDecl member(String name, CelType result, CelType... parameters) {
        CelType[] all = new CelType[parameters.length + 1];
        all[0] = SimpleType.DYN;
        System.arraycopy(parameters, 0, all, 1, parameters.length);
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload("authz_" + name, result, all));
    }

    static List<CelFunctionBinding> bindings() {
        return List.of(
                step("path", Question::path),
                step("group", Question::group),
                step("resource", Question::resource),
                step("subresource", Question::subresource),
                step("namespace", Question::namespace),
                step("name", Question::name),
                step("fieldSelector", (question, _) -> question),
                step("labelSelector", (question, _) -> question),
                CelFunctionBinding.from(
                        "authz_serviceAccount",
                        List.of(CelAccess.class, String.class, String.class),
                        arguments ->
                                ((CelAccess) arguments[0])
                                        .with(
                                                ((CelAccess) arguments[0])
                                                        .question.by(
                                                                arguments[1]
                                                                        + ":"
                                                                        + arguments[2]))),
                CelFunctionBinding.from(
                        "authz_check",
                        CelAccess.class,
                        String.class,
                        (access, verb) -> access.authorizer.decide(access.question.verb(verb))),
                CelFunctionBinding.from("authz_allowed", Answer.class, Answer::allowed),
                CelFunctionBinding.from("authz_reason", Answer.class, Answer::reason),
                CelFunctionBinding.from("authz_errored", Answer.class, _ -> false),
                CelFunctionBinding.from("authz_error", Answer.class, _ -> ""));
    }

    private CelAccess with(Question next) {
        return new CelAccess(authorizer, next);
    }

    @SuppressWarnings("Immutable") // the functions given keep nothing
    private static CelFunctionBinding step(
            String name, BiFunction<Question, String, Question> change) {
        return CelFunctionBinding.from(
                "authz_" + name,
                CelAccess.class,
                String.class,
                (access, value) -> access.with(change.apply(access.question, value)));
    }
}
