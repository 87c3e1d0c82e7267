package dev.meshdojo.simulator.apiserver.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.meshdojo.simulator.apiserver.builtin.Amount;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Kubernetes' CEL libraries of quantities, semantic versions, IP addresses and networks, and what
 * is missing elsewhere of those for lists and URLs. Pure.
 */
final class CelLibraries {

    private static final CelType ANY = SimpleType.DYN;
    private static final CelType TEXT = SimpleType.STRING;

    private final List<CelFunctionDecl> declarations = new ArrayList<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    private CelLibraries() {
        quantities();
        addresses();
        versions();
        comparisons();
        lists();
    }

    static final CelLibraries ALL = new CelLibraries();

    List<CelFunctionDecl> declarations() {
        return declarations;
    }

    List<CelFunctionBinding> bindings() {
        return bindings;
    }

    private void quantities() {
        global("quantity", ANY, CelLibraries::quantity);
        global("isQuantity", SimpleType.BOOL, text -> Amount.valid(text));
        member("sign", SimpleType.INT, Amount.class, amount -> (long) amount.value().signum());
        member("isInteger", SimpleType.BOOL, Amount.class, CelLibraries::whole);
        member("asInteger", SimpleType.INT, Amount.class, CelLibraries::integer);
        member(
                "asApproximateFloat",
                SimpleType.DOUBLE,
                Amount.class,
                amount -> amount.value().doubleValue());
        two("add", ANY, ANY, (one, other) -> amount(one).plus(amount(other)));
        two("sub", ANY, ANY, (one, other) -> amount(one).minus(amount(other)));
    }

    private static Amount quantity(String text) {
        if (!Amount.valid(text)) {
            throw new CelFailure(
                    "quantities must match the regular expression"
                            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        return Amount.of(text);
    }

    private static Amount amount(Object value) {
        return value instanceof Number number
                ? new Amount(BigDecimal.valueOf(number.longValue()), false)
                : (Amount) value;
    }

    private static boolean whole(Amount amount) {
        return amount.value().stripTrailingZeros().scale() <= 0;
    }

    private static long integer(Amount amount) {
        if (!whole(amount)) {
            throw new CelFailure("cannot convert value to integer");
        }
        return amount.value().longValueExact();
    }

    private void addresses() {
        global("ip", ANY, CelAddress::of);
        global("isCIDR", SimpleType.BOOL, CelNetwork::valid);
        global("cidr", ANY, CelNetwork::of);
        global("ip.isCanonical", SimpleType.BOOL, CelAddress::canonical);
        member("family", SimpleType.INT, CelAddress.class, CelAddress::family);
        member("isUnspecified", SimpleType.BOOL, CelAddress.class, CelAddress::unspecified);
        member("isLoopback", SimpleType.BOOL, CelAddress.class, CelAddress::loopback);
        member("isLinkLocalUnicast", SimpleType.BOOL, CelAddress.class, CelAddress::linkLocal);
        member(
                "isLinkLocalMulticast",
                SimpleType.BOOL,
                CelAddress.class,
                CelAddress::linkLocalMulticast);
        member("isGlobalUnicast", SimpleType.BOOL, CelAddress.class, CelAddress::globalUnicast);
        member("prefixLength", SimpleType.INT, CelNetwork.class, network -> (long) network.bits());
        member("ip", ANY, CelNetwork.class, CelNetwork::address);
        member("masked", ANY, CelNetwork.class, CelNetwork::masked);
        two(
                "containsIP",
                SimpleType.BOOL,
                ANY,
                (network, address) ->
                        ((CelNetwork) network)
                                .contains(
                                        address instanceof CelAddress known
                                                ? known
                                                : CelAddress.of(address.toString())));
        two(
                "containsCIDR",
                SimpleType.BOOL,
                ANY,
                (network, other) ->
                        ((CelNetwork) network)
                                .contains(
                                        other instanceof CelNetwork known
                                                ? known
                                                : CelNetwork.of(other.toString())));
    }

    private void versions() {
        global("semver", ANY, CelVersion::of);
        global("isSemver", SimpleType.BOOL, CelVersion::valid);
        member("major", SimpleType.INT, CelVersion.class, CelVersion::major);
        member("minor", SimpleType.INT, CelVersion.class, CelVersion::minor);
        member("patch", SimpleType.INT, CelVersion.class, CelVersion::patch);
    }

    private void comparisons() {
        two("compareTo", SimpleType.INT, ANY, (one, other) -> (long) compare(one, other));
        two("isGreaterThan", SimpleType.BOOL, ANY, (one, other) -> compare(one, other) > 0);
        two("isLessThan", SimpleType.BOOL, ANY, (one, other) -> compare(one, other) < 0);
    }

    private static int compare(Object one, Object other) {
        return switch (one) {
            case Amount amount when other instanceof Amount second -> amount.compareTo(second);
            case CelVersion version when other instanceof CelVersion second ->
                    version.compareTo(second);
            default -> throw new CelFailure("no such overload");
        };
    }

    private void lists() {
        member(
                "getQuery",
                MapType.create(TEXT, ListType.create(TEXT)),
                String.class,
                CelLibraries::query);
        declarations.add(
                CelFunctionDecl.newFunctionDeclaration(
                        "indexOf",
                        CelOverloadDecl.newMemberOverload(
                                "list_indexOf", SimpleType.INT, ListType.create(ANY), ANY)));
        bindings.add(
                CelFunctionBinding.from(
                        "list_indexOf",
                        List.class,
                        Object.class,
                        (list, value) -> (long) list.indexOf(value)));
        declarations.add(
                CelFunctionDecl.newFunctionDeclaration(
                        "lastIndexOf",
                        CelOverloadDecl.newMemberOverload(
                                "list_lastIndexOf", SimpleType.INT, ListType.create(ANY), ANY)));
        bindings.add(
                CelFunctionBinding.from(
                        "list_lastIndexOf",
                        List.class,
                        Object.class,
                        (list, value) -> (long) list.lastIndexOf(value)));
    }

    private static Map<String, List<String>> query(String url) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int mark = url.indexOf('?');
        if (mark >= 0) {
            for (String pair : url.substring(mark + 1).replaceAll("#.*", "").split("&")) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                if (!pair.isEmpty()) {
                    values.computeIfAbsent(decoded(key), _ -> new ArrayList<>())
                            .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String id(String name) {
        return "library_" + name.replace('.', '_');
    }

    @SuppressWarnings("Immutable") // the functions given keep nothing
    private void global(String name, CelType result, Function<String, Object> value) {
        declarations.add(
                CelFunctionDecl.newFunctionDeclaration(
                        name, CelOverloadDecl.newGlobalOverload(id(name), result, TEXT)));
        bindings.add(CelFunctionBinding.from(id(name), String.class, value::apply));
    }

    @SuppressWarnings("Immutable") // the functions given keep nothing
    private <T> void member(String name, CelType result, Class<T> of, Function<T, Object> value) {
        String overload = id("member_" + name);
        declarations.add(
                CelFunctionDecl.newFunctionDeclaration(
                        name, CelOverloadDecl.newMemberOverload(overload, result, ANY)));
        bindings.add(CelFunctionBinding.from(overload, of, value::apply));
    }

    @SuppressWarnings("Immutable") // the functions given keep nothing
    private void two(
            String name,
            CelType result,
            CelType parameter,
            java.util.function.BiFunction<Object, Object, Object> value) {
        String overload = id("member_" + name);
        declarations.add(
                CelFunctionDecl.newFunctionDeclaration(
                        name, CelOverloadDecl.newMemberOverload(overload, result, ANY, parameter)));
        bindings.add(CelFunctionBinding.from(overload, Object.class, Object.class, value::apply));
    }
}
