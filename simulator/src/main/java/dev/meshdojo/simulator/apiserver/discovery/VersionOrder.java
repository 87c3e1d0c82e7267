package dev.meshdojo.simulator.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes' order of API versions, best first: stable before beta before alpha, higher numbers
 * first, anything else last by name. Source: apimachinery's {@code CompareKubeAwareVersionStrings}.
 */
public final class VersionOrder implements Comparator<String> {

    private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

    @Override
    public int compare(String a, String b) {
        Matcher first = VERSION.matcher(a);
        Matcher second = VERSION.matcher(b);
        boolean firstFits = first.matches();
        boolean secondFits = second.matches();
        if (!firstFits || !secondFits) {
            return firstFits ? -1 : secondFits ? 1 : a.compareTo(b);
        }
        int order = Integer.compare(stability(second), stability(first));
        if (order == 0) {
            order = Integer.compare(number(second, 1), number(first, 1));
        }
        return order != 0 ? order : Integer.compare(number(second, 3), number(first, 3));
    }

    private static int stability(Matcher version) {
        String stage = version.group(2);
        return stage == null ? 2 : stage.equals("beta") ? 1 : 0;
    }

    private static int number(Matcher version, int group) {
        String digits = version.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
