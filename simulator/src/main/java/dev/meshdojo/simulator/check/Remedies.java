package dev.meshdojo.simulator.check;

import java.util.Locale;
import java.util.Map;

/** What to do about a finding. Pure. */
final class Remedies {

    private static final String REFERENCE =
            "https://istio.io/latest/docs/reference/config/analysis/";
    private static final Map<String, String> TEXTS =
            Map.ofEntries(
                    Map.entry("badRequest", "remove the field, or mend its spelling or place"),
                    Map.entry(
                            "denied",
                            "mend what istiod's validation names; nothing is stored until then"),
                    Map.entry("invalid", "mend the field; nothing is stored until then"),
                    Map.entry(
                            "refused", "see the message; the API server does not store the object"),
                    Map.entry("warning", "the object is stored, but look at what the server says"),
                    Map.entry("FieldValueRequired", "add the field"),
                    Map.entry("FieldValueDuplicate", "make the values differ, or remove one"),
                    Map.entry("FieldValueNotSupported", "use one of the supported values"),
                    Map.entry("FieldValueTypeInvalid", "write a value of the type that is named"),
                    Map.entry("FieldValueTooLong", "shorten the value"),
                    Map.entry("FieldValueTooMany", "remove entries until the limit holds"),
                    Map.entry("FieldValueForbidden", "remove the field"),
                    Map.entry(
                            "FieldValueInvalid",
                            "give a value that the rule in the message allows"),
                    Map.entry("IST0101", "create what is missing, or mend the reference"),
                    Map.entry("IST0112", "add destination.port.number"),
                    Map.entry(
                            "IST0118",
                            "name the port PROTOCOL or PROTOCOL-suffix, or set appProtocol"),
                    Map.entry("IST0132", "add the host to the Gateway's servers, or mend it here"),
                    Map.entry("IST0145", "merge the Gateways, or give them different hosts"),
                    Map.entry("IST0162", "add the port to the gateway's Service"),
                    Map.entry("IST0173", "mend the subset's labels, or label the pods"),
                    Map.entry("IST0174", "mend the host, or add its Service or ServiceEntry"));

    private Remedies() {}

    /**
     * @param code a finding's code, or the reason of a Status cause
     */
    static String of(String code) {
        if (!code.startsWith("IST")) {
            return TEXTS.getOrDefault(code, "mend the field that the message names");
        }
        String page = REFERENCE + code.toLowerCase(Locale.ROOT) + "/";
        String text = TEXTS.get(code);
        return text == null ? "see " + page : text + "; see " + page;
    }
}
