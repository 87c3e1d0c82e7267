package dev.meshdojo.simulator.apiserver.schema;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.CelVarDecl;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.meshdojo.simulator.golang.GoUrl;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles CEL expressions once per JVM, with the functions of Kubernetes' CEL libraries.
 * Thread-safe; all clusters share the programs.
 */
final class CelPrograms {

    private static final Cel RULES = environment(List.of("self", "oldSelf"));
    private static final List<String> REQUEST =
            List.of("object", "oldObject", "request", "params", "namespaceObject", "variables");

    /** Messages may not ask what someone may do. */
    private static final Cel MESSAGES = environment(REQUEST);

    private static final Cel POLICIES =
            environment(
                    Stream.concat(
                                    REQUEST.stream(),
                                    Stream.of("authorizer", "authorizer.requestResource"))
                            .toList());
    private static final ConcurrentHashMap<String, CelRuntime.Program> PROGRAMS =
            new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<String, CelRuntime.Program> POLICY_PROGRAMS =
            new ConcurrentHashMap<>();

    private static final Pattern SYNTAX = Pattern.compile("(?m)^ERROR: <input>:\\d+:\\d+: ");

    private CelPrograms() {}

    /**
     * The program of a schema's expression.
     *
     * @throws IllegalArgumentException when it does not compile; the message is the compiler's
     */
    static CelRuntime.Program program(String expression) {
        return PROGRAMS.computeIfAbsent(expression, text -> compile(RULES, text));
    }

    /**
     * The program of an admission policy's expression.
     *
     * @throws IllegalArgumentException when it does not compile; the message is the compiler's
     */
    static CelRuntime.Program policy(String expression) {
        return POLICY_PROGRAMS.computeIfAbsent(expression, text -> compile(POLICIES, text));
    }

    /**
     * Why a schema's expression cannot be used, or null.
     *
     * @param what {@code rule} or {@code messageExpression}
     */
    static @Nullable String ruleProblem(
            String expression, PolicyExpressions.Result result, String what) {
        String prefix = what.equals("rule") ? "" : what + " ";
        CelValidationResult parsed = RULES.parse(expression);
        if (parsed.hasError()) {
            return prefix
                    + "compilation failed: "
                    + SYNTAX.matcher(parsed.getErrorString()).replaceAll("$0Syntax error: ");
        }
        try {
            CelType type = RULES.compile(expression).getAst().getResultType();
            boolean any = type.kind() == CelKind.DYN || type.kind() == CelKind.ANY;
            boolean truth = result == PolicyExpressions.Result.TRUTH;
            if (any || type.equals(truth ? SimpleType.BOOL : SimpleType.STRING)) {
                return null;
            }
            return truth
                    ? "cel expression must evaluate to a bool"
                    : "messageExpression must evaluate to a string";
        } catch (CelValidationException e) {
            return prefix + "compilation failed: " + e.getMessage();
        }
    }

    /** Why an admission policy's expression cannot be used, or null. */
    static @Nullable String policyProblem(String expression, PolicyExpressions.Result result) {
        Cel cel = result == PolicyExpressions.Result.TEXT ? MESSAGES : POLICIES;
        CelValidationResult parsed = cel.parse(expression);
        if (parsed.hasError()) {
            return "compilation failed: "
                    + SYNTAX.matcher(parsed.getErrorString()).replaceAll("$0Syntax error: ");
        }
        try {
            CelType type = cel.compile(expression).getAst().getResultType();
            boolean any = type.kind() == CelKind.DYN || type.kind() == CelKind.ANY;
            return switch (result) {
                case ANY -> null;
                case TRUTH ->
                        any || type.equals(SimpleType.BOOL)
                                ? null
                                : "must evaluate to bool but got " + type.name();
                case TEXT ->
                        any || type.equals(SimpleType.STRING) || type.kind() == CelKind.NULL_TYPE
                                ? null
                                : "must evaluate to string but got " + type.name();
            };
        } catch (CelValidationException e) {
            return "compilation failed: " + e.getMessage();
        }
    }

    private static CelRuntime.Program compile(Cel cel, String expression) {
        try {
            return cel.createProgram(cel.compile(expression).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Cel environment(List<String> variables) {
        return CelFactory.plannerCelBuilder()
                .setOptions(
                        CelOptions.current().enableHeterogeneousNumericComparisons(true).build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVarDeclarations(
                        variables.stream()
                                .map(name -> CelVarDecl.newVarDeclaration(name, SimpleType.DYN))
                                .toList())
                .addCompilerLibraries(
                        CelExtensions.strings(),
                        CelExtensions.bindings(),
                        CelExtensions.comprehensions(),
                        CelExtensions.math(),
                        CelExtensions.sets(CelOptions.DEFAULT),
                        CelOptionalLibrary.INSTANCE)
                .addRuntimeLibraries(
                        CelExtensions.strings(),
                        CelExtensions.comprehensions(),
                        CelExtensions.math(),
                        CelExtensions.sets(CelOptions.DEFAULT),
                        CelOptionalLibrary.INSTANCE)
                .addFunctionDeclarations(CelFunctions.declarations())
                .addFunctionBindings(CelFunctions.bindings())
                .addFunctionDeclarations(CelLibraries.ALL.declarations())
                .addFunctionBindings(CelLibraries.ALL.bindings())
                .addFunctionDeclarations(CelAccess.declarations())
                .addFunctionBindings(CelAccess.bindings())
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                "isURL",
                                CelOverloadDecl.newGlobalOverload(
                                        "is_url_string", SimpleType.BOOL, SimpleType.DYN)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "url",
                                CelOverloadDecl.newGlobalOverload(
                                        "string_to_url", SimpleType.DYN, SimpleType.DYN)),
                        member("getScheme"),
                        member("getHost"),
                        member("getHostname"),
                        member("getPort"),
                        member("getEscapedPath"))
                .addFunctionBindings(
                        CelFunctionBinding.from("is_url_string", String.class, CelPrograms::isUrl),
                        CelFunctionBinding.from("string_to_url", String.class, CelPrograms::toUrl),
                        CelFunctionBinding.from(
                                "url_getScheme", String.class, text -> url(text).scheme()),
                        CelFunctionBinding.from(
                                "url_getHost", String.class, text -> url(text).host()),
                        CelFunctionBinding.from(
                                "url_getHostname", String.class, text -> url(text).hostname()),
                        CelFunctionBinding.from(
                                "url_getPort", String.class, text -> url(text).port()),
                        CelFunctionBinding.from(
                                "url_getEscapedPath", String.class, text -> url(text).path()))
                .build();
    }

    private static CelFunctionDecl member(String name) {
        return CelFunctionDecl.newFunctionDeclaration(
                name,
                CelOverloadDecl.newMemberOverload(
                        "url_" + name, SimpleType.STRING, SimpleType.DYN));
    }

    /** Absolute, or a path from the root. */
    private static boolean isUrl(String text) {
        return GoUrl.requestError(text).isEmpty();
    }

    /** URLs stay texts, once they are known to be URLs. */
    private static String toUrl(String text) {
        String error = GoUrl.requestError(text);
        if (!error.isEmpty()) {
            throw new CelFailure("URL parse error during conversion from string: " + error);
        }
        return text;
    }

    private static GoUrl url(String text) {
        GoUrl url = GoUrl.of(text);
        return url == null ? new GoUrl("", "", "") : url;
    }
}
