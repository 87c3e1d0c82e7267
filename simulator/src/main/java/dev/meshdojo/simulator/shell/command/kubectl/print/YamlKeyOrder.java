package dev.meshdojo.simulator.shell.command.kubectl.print;

import java.io.Serializable;
import java.util.Comparator;

/** go-yaml's order of mapping keys: natural, numbers by value, letters after other characters. */
final class YamlKeyOrder implements Comparator<String>, Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        boolean digits = false;
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x == y) {
                digits = isDigit(x);
                continue;
            }
            boolean xLetter = Character.isLetter(x);
            boolean yLetter = Character.isLetter(y);
            if (xLetter && yLetter) {
                return Character.compare(x, y);
            }
            if (xLetter || yLetter) {
                return digits == xLetter ? -1 : 1;
            }
            return numbers(a, b, i);
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int numbers(String a, String b, int at) {
        int ai = at;
        long an = 0;
        while (ai < a.length() && isDigit(a.charAt(ai))) {
            an = an * 10 + (a.charAt(ai++) - '0');
        }
        int bi = at;
        long bn = 0;
        while (bi < b.length() && isDigit(b.charAt(bi))) {
            bn = bn * 10 + (b.charAt(bi++) - '0');
        }
        if (an != bn) {
            return Long.compare(an, bn);
        }
        if (ai != bi) {
            return Integer.compare(ai, bi);
        }
        return Character.compare(a.charAt(at), b.charAt(at));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
