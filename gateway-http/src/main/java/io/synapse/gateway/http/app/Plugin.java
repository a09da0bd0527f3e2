package io.synapse.gateway.http.app;

import io.synapse.gateway.CatalogCheck;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.ProviderFactory;
import io.synapse.gateway.provider.ProviderSettings;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A factory of a provider, with what it says of itself, and what it made. */
final class Plugin implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Plugin.class.getName());
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern SETTING = Pattern.compile("[A-Z][A-Z0-9_]*");
    /** Shorter values are no secrets, and blanking them out would make a message unreadable. */
    private static final int SHORTEST_SECRET = 4;

    private final PluginSource source;
    private final ProviderFactory factory;
    private final String id;
    private final Set<String> settings;
    private @Nullable Provider made;

    /**
     * Asks a factory about itself.
     *
     * @throws SettingsException if what it says is ill-formed
     */
    Plugin(PluginSource source, ProviderFactory factory) {
        this.source = source;
        this.factory = factory;
        this.id = source.ask(method("id"), factory::id);
        if (!ID.matcher(id).matches()) {
            throw source.refused("the id '" + id
                    + "' of its provider must be a lower-case letter and at most 39 more, digits or dashes");
        }
        Set<String> names = source.ask(method("settings"), factory::settings);
        for (String name : names) {
            if (!SETTING.matcher(String.valueOf(name)).matches()) {
                throw source.refused(
                        "the name '" + name + "' of a setting must be capital letters, digits and underscores");
            }
        }
        this.settings = Set.copyOf(names);
    }

    private String method(String name) {
        return factory.getClass().getName() + "." + name;
    }

    PluginSource source() {
        return source;
    }

    String id() {
        return id;
    }

    /** The full names of its settings. */
    Set<String> settings() {
        Set<String> names = new TreeSet<>();
        settings.forEach(name -> names.add(ProviderSettings.prefix(id) + name));
        return names;
    }

    /**
     * Has the provider made.
     *
     * @param values what the operator set, by full names, of this plugin and of others
     * @return the provider, or empty if it is not configured
     * @throws SettingsException if the factory fails, or makes what is no provider of that id
     */
    Optional<Provider> create(Map<String, String> values) {
        Map<String, String> own = new TreeMap<>();
        for (String name : settings) {
            String value = values.get(ProviderSettings.prefix(id) + name);
            if (value != null) {
                own.put(name, value);
            }
        }
        Optional<? extends Provider> answer;
        try {
            answer = source.ask(method("create"), () -> refusing(new ProviderSettings(id, settings, own)));
        } catch (SettingsException e) {
            throw new SettingsException(without(own, String.valueOf(e.getMessage())));
        }
        if (answer.isEmpty()) {
            LOG.log(Level.INFO, "{0} brings the provider {1}, which lacks credentials", source, id);
            return Optional.empty();
        }
        made = answer.get();
        Provider provider = checked(made);
        LOG.log(Level.INFO, "{0} brings the provider {1}", source, id);
        return Optional.of(provider);
    }

    /** That settings are ill-formed is the operator's affair; where in the code it was found is not. */
    private Optional<? extends Provider> refusing(ProviderSettings given) {
        try {
            return factory.create(given);
        } catch (IllegalArgumentException e) {
            throw source.refused(String.valueOf(e.getMessage()));
        }
    }

    private static String without(Map<String, String> secrets, String message) {
        String masked = message;
        for (String secret : secrets.values()) {
            masked = secret.strip().length() < SHORTEST_SECRET ? masked : masked.replace(secret.strip(), "***");
        }
        return masked;
    }

    private Provider checked(Provider provider) {
        Class<?>[] can = Stream.of(Modality.values())
                .map(CatalogCheck::capability)
                .filter(capability -> capability.isInstance(provider))
                .distinct()
                .toArray(Class<?>[]::new);
        String type = provider.getClass().getName();
        if (can.length == 0) {
            throw source.refused("the provider " + type + " serves nothing: it implements neither ChatProvider nor"
                    + " another interface of a modality");
        }
        String its = source.ask(type + ".id", provider::id);
        if (!its.equals(id)) {
            throw source.refused(
                    "the provider " + type + " has the id '" + its + "', but its factory says '" + id + "'");
        }
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(),
                can,
                (proxy, method, arguments) -> source.inside(() -> {
                    try {
                        return method.invoke(provider, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }

    /** Closes the provider, if there is one and it can be closed. What goes wrong is logged. */
    @Override
    public void close() {
        if (made instanceof AutoCloseable closeable) {
            try {
                source.inside(() -> {
                    closeable.close();
                    return true;
                });
            } catch (Throwable e) {
                LOG.log(Level.WARNING, source + ": the provider " + id + " could not be closed", e);
            }
        }
    }
}
