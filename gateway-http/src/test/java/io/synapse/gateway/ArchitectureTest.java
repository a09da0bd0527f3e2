package io.synapse.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/** The arrows of the design, as the classes have them. */
@AnalyzeClasses(packages = "io.synapse.gateway", importOptions = ArchitectureTest.ProductOnly.class)
class ArchitectureTest {
    /** Neither tests nor the test kit. */
    static final class ProductOnly implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("test-classes") && !location.contains("gateway-testkit");
        }
    }

    private static final String[] CORE = {
        "io.synapse.gateway",
        "io.synapse.gateway.catalog..",
        "io.synapse.gateway.chat..",
        "io.synapse.gateway.credit..",
        "io.synapse.gateway.fault..",
        "io.synapse.gateway.header..",
        "io.synapse.gateway.idempotency..",
        "io.synapse.gateway.identity..",
        "io.synapse.gateway.internal..",
        "io.synapse.gateway.limit..",
        "io.synapse.gateway.media..",
        "io.synapse.gateway.provider.."
    };

    @ArchTest
    static final ArchRule the_core_sees_the_jdk_alone = classes()
            .that(resideInAnyPackage(CORE))
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(CORE).or(resideInAnyPackage("java..", "org.jspecify.annotations..")));

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("io.synapse.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule providers_are_strangers_to_each_other =
            slices().assignedFrom(new Adapters()).should().notDependOnEachOther();

    @ArchTest
    static final ArchRule only_the_composition_root_sees_adapters = noClasses()
            .that(resideInAPackage("io.synapse.gateway.http"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.synapse.gateway.providers..", "io.synapse.gateway.billing.."));

    @ArchTest
    static final ArchRule the_account_api_knows_no_upstream = noClasses()
            .that(resideInAPackage("io.synapse.gateway.http.account.."))
            .should()
            .dependOnClassesThat(resideInAPackage("io.synapse.gateway.providers.."));

    @ArchTest
    static final ArchRule billing_and_providers_are_strangers = noClasses()
            .that(resideInAPackage("io.synapse.gateway.billing.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.synapse.gateway.providers..", "io.synapse.gateway.http.."));

    @ArchTest
    static final ArchRule providers_know_nothing_of_money_and_http = noClasses()
            .that(resideInAPackage("io.synapse.gateway.providers.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.synapse.gateway.billing..", "io.synapse.gateway.http.."));

    @ArchTest
    static final ArchRule money_is_never_a_floating_point_number = noFields()
            .that()
            .areDeclaredInClassesThat(resideInAPackage("io.synapse.gateway.credit.."))
            .should()
            .haveRawType(double.class)
            .orShould()
            .haveRawType(float.class);

    /** The packages of gateway-providers, but for what they share. */
    private static final class Adapters implements SliceAssignment {
        private static final String ROOT = "io.synapse.gateway.providers.";
        private static final Set<String> SHARED = Set.of("http", "internal", "tokens");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!type.getPackageName().startsWith(ROOT)) {
                return SliceIdentifier.ignore();
            }
            String below = type.getPackageName().substring(ROOT.length());
            String adapter = below.contains(".") ? below.substring(0, below.indexOf('.')) : below;
            return SHARED.contains(adapter) ? SliceIdentifier.ignore() : SliceIdentifier.of(adapter);
        }

        @Override
        public String getDescription() {
            return "the adapters";
        }
    }
}
