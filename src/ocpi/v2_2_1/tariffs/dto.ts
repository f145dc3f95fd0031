export { PriceComponent, Tariff, TariffElement, TariffRestrictions } from '../types/tariff';
