package dev.meshdojo.simulator.apiserver.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Functions of Kubernetes' CEL libraries for lists, regular expressions, IP addresses and named
 * formats. Pure.
 */
final class CelFunctions {

    private static final CelType TEXTS = ListType.create(SimpleType.STRING);
    private static final CelType ANY_LIST = ListType.create(SimpleType.DYN);

    /** What is wrong with a text, by the name of the format it should have. */
    private static final Map<String, Function<String, List<String>>> FORMATS =
            Map.of(
                    "dns1123Label", text -> Names.label(text, false),
                    "dns1123LabelPrefix", text -> Names.label(text, true),
                    "dns1123Subdomain", text -> Names.subdomain(text, false),
                    "dns1123SubdomainPrefix", text -> Names.subdomain(text, true),
                    "dns1035Label", text -> Names.label1035(text, false),
                    "dns1035LabelPrefix", text -> Names.label1035(text, true),
                    "qualifiedName", Names::qualified,
                    "labelValue", Names::labelValue);

    private CelFunctions() {}

    static List<CelFunctionDecl> declarations() {
        List<CelFunctionDecl> declarations = new ArrayList<>();
        declarations.add(global("isIP", SimpleType.BOOL, SimpleType.DYN));
        declarations.add(member("sum", SimpleType.DYN, ANY_LIST));
        declarations.add(member("min", SimpleType.DYN, ANY_LIST));
        declarations.add(member("max", SimpleType.DYN, ANY_LIST));
        declarations.add(member("isSorted", SimpleType.BOOL, ANY_LIST));
        declarations.add(member("find", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING));
        declarations.add(member("findAll", TEXTS, SimpleType.STRING, SimpleType.STRING));
        declarations.add(member("validate", SimpleType.DYN, SimpleType.STRING, SimpleType.DYN));
        FORMATS.keySet()
                .forEach(name -> declarations.add(global("format." + name, SimpleType.STRING)));
        return declarations;
    }

    static List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> bindings = new ArrayList<>();
        bindings.add(
                CelFunctionBinding.from(
                        id("isIP"),
                        String.class,
                        text -> Formats.fits("ipv4", text) || Formats.fits("ipv6", text)));
        bindings.add(CelFunctionBinding.from(id("sum"), List.class, CelFunctions::sum));
        bindings.add(
                CelFunctionBinding.from(
                        id("min"), List.class, list -> extreme(list, Comparator.reverseOrder())));
        bindings.add(
                CelFunctionBinding.from(
                        id("max"), List.class, list -> extreme(list, Comparator.naturalOrder())));
        bindings.add(CelFunctionBinding.from(id("isSorted"), List.class, CelFunctions::isSorted));
        bindings.add(
                CelFunctionBinding.from(
                        id("find"),
                        String.class,
                        String.class,
                        (text, pattern) -> {
                            List<String> found = findAll(text, pattern);
                            return found.isEmpty() ? "" : found.getFirst();
                        }));
        bindings.add(
                CelFunctionBinding.from(
                        id("findAll"), String.class, String.class, CelFunctions::findAll));
        bindings.add(
                CelFunctionBinding.from(
                        id("validate"), String.class, String.class, CelFunctions::validate));
        FORMATS.keySet()
                .forEach(
                        name ->
                                bindings.add(
                                        CelFunctionBinding.from(
                                                id("format." + name), List.of(), none -> name)));
        return bindings;
    }

    private static String id(String name) {
        return "kubernetes_" + name.replace('.', '_');
    }

    private static CelFunctionDecl global(String name, CelType result, CelType... parameters) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload(id(name), result, parameters));
    }

    private static CelFunctionDecl member(String name, CelType result, CelType... parameters) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload(id(name), result, parameters));
    }

    private static Object sum(List<?> list) {
        if (list.stream().anyMatch(Double.class::isInstance)) {
            return list.stream().mapToDouble(each -> ((Number) each).doubleValue()).sum();
        }
        long sum = 0;
        for (Object each : list) {
            sum = Math.addExact(sum, ((Number) each).longValue());
        }
        return sum;
    }

    private static Object extreme(List<?> list, Comparator<Comparable<Object>> order) {
        return list.stream()
                .map(CelFunctions::comparable)
                .max(order)
                .orElseThrow(() -> new IllegalArgumentException("min or max called on empty list"));
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (comparable(list.get(i - 1)).compareTo(list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Items of one list have one type, so they compare with each other. */
    @SuppressWarnings("unchecked")
    private static Comparable<Object> comparable(Object value) {
        return (Comparable<Object>) value;
    }

    private static List<String> findAll(String text, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    /** The problems, or nothing when there are none. */
    private static Optional<List<String>> validate(String format, String text) {
        Function<String, List<String>> check = FORMATS.get(format);
        if (check == null) {
            throw new IllegalArgumentException("no format named " + format);
        }
        List<String> problems = check.apply(text);
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
    }
}
